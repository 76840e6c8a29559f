// In which line of a JSON text each value stands, so that a problem of a field can be said where the person wrote it.

/**
 * @param text valid JSON.
 * @returns lines from 1 by dotted path: `layers.0.out_features`; the whole is the empty path.
 */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;
  const skip = (): void => {
    for (; at < text.length && /\s/.test(text[at] ?? ''); at++) if (text[at] === '\n') line++;
  };
  const string = (): string => {
    const start = at;
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const items = (end: string, item: (index: number) => void): void => {
    at++;
    for (let index = 0; ; index++) {
      skip();
      if (at >= text.length) return;
      if (text[at] === end) break;
      if (text[at] === ',') {
        at++;
        skip();
      }
      item(index);
    }
    at++;
  };
  const value = (path: string): void => {
    skip();
    lines.set(path, line);
    const below = (key: string | number): string => (path === '' ? String(key) : `${path}.${String(key)}`);
    if (text[at] === '{')
      items('}', () => {
        const key = string();
        const own = line;
        skip();
        at++;
        value(below(key));
        lines.set(below(key), own);
      });
    else if (text[at] === '[')
      items(']', (index) => {
        value(below(index));
      });
    else if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
  };
  value('');
  return lines;
}

/** The line of a path, or of the nearest thing around it. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return lines.get('') ?? 1;
}
