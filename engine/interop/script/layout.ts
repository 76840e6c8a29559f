// How a script's lines are put on the page: two empty lines around functions and classes, at most one elsewhere (PEP 8).

const isDefinition = (line: string): boolean => /^(def|class|@)/.test(line);
const isTopLevel = (line: string): boolean => /^\S/.test(line);

/** @param lines sections one after another, with single empty lines where a pause helps. */
export function layOut(lines: readonly string[]): string {
  const out: string[] = [];
  /** Whether the last top-level line began a function or a class. */
  let inDefinition = false;
  for (const [i, line] of lines.entries()) {
    if (line === '') {
      // Two empty lines only where the rules below put them.
      if (out.length > 0 && out.at(-1) !== '') out.push('');
      continue;
    }
    if (isTopLevel(line)) {
      const begins = isDefinition(line) || (line.startsWith('#') && isDefinition(nextCode(lines, i)));
      const apart = (begins || inDefinition) && !continues(out.at(-1));
      if (apart && out.length > 0) {
        while (out.at(-1) === '') out.pop();
        out.push('', '');
      }
      if (!line.startsWith('#')) inDefinition = isDefinition(line);
      else if (apart) inDefinition = false;
    }
    out.push(line);
  }
  return `${out.join('\n').trimEnd()}\n`;
}

/** Decorators and comments belong to what follows them at once. */
const continues = (previous: string | undefined): boolean => previous !== undefined && /^[@#]/.test(previous);

/** The first line after a block of comments that ends without an empty line. */
function nextCode(lines: readonly string[], from: number): string {
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (!line.startsWith('#')) return line;
  }
  return '';
}
