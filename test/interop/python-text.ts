// What can be said about a Python script without Python: brackets, indentation, and that nothing in it is unused.

/** Code alone: comments, docstrings and the contents of strings are blanked; names within f-strings' braces stay. */
export function codeOf(script: string): string {
  return script
    .replace(/"""[\s\S]*?"""/g, '""')
    .replace(/(f?)"((?:[^"\\\n]|\\.)*)"/g, (_, f: string, inner: string) =>
      f === ''
        ? '""'
        : `"" ${[...inner.matchAll(/\{([^{}]*)\}/g)].map((x) => `(${(x[1] ?? '').replace(/'[^']*'/g, "''").replace(/:[^)]*$/, '')})`).join(' ')}`,
    )
    .replace(/#.*$/gm, '');
}

/** The first fault of the script's form, or null: brackets that do not close, indentation that is no multiple of four. */
export function formFault(script: string): string | null {
  const code = codeOf(script);
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [i, line] of code.split('\n').entries()) {
    if (open.length === 0 && line.trim() !== '' && (/^ */.exec(line)?.[0].length ?? 0) % 4 !== 0)
      return `line ${i + 1}: indentation`;
    for (const sign of line)
      if ('([{'.includes(sign)) open.push(sign);
      else if (sign in pairs && open.pop() !== pairs[sign]) return `line ${i + 1}: ${sign} closes nothing`;
    if (/\t|\s+$/.test(script.split('\n')[i] ?? '')) return `line ${i + 1}: tab or space at the end`;
  }
  return open.length === 0 ? null : `${open.at(-1)} is never closed`;
}

const IMPORTED = /^(?:from \S+ )?import (.+)$/gm;

/** Names that the script makes at its top level (imports, functions, classes, variables) and never uses. */
export function unusedNames(script: string): readonly string[] {
  const code = codeOf(script);
  const names = new Set<string>();
  for (const [, list] of code.matchAll(IMPORTED))
    for (const item of (list ?? '').split(','))
      names.add((/ as (\w+)$/.exec(item)?.[1] ?? item.trim().split('.')[0] ?? '').trim());
  for (const [, name] of code.matchAll(/^ *(?:def|class) (\w+)/gm)) names.add(name ?? '');
  for (const [, targets] of code.matchAll(/^((?:\w+)(?:, *\w+)*) = /gm))
    for (const name of (targets ?? '').split(',')) names.add(name.trim());
  const methods = new Set(['__init__', 'forward', 'backward']);
  return [...names].filter((name) => {
    const uses = code.match(new RegExp(`(?<![\\w.])${name}\\b`, 'g'))?.length ?? 0;
    return !methods.has(name) && uses < 2 && !new RegExp(`\\.${name}\\b`).test(code);
  });
}
