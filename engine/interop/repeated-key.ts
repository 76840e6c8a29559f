// Finds a name that a JSON object has twice. JSON.parse keeps the last one silently, so two readers could see two files.

/** Position after the string that begins at `start`. */
function afterString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/**
 * @param json valid JSON.
 * @returns the first key that an object of it repeats, or null.
 */
export function repeatedKey(json: string): string | null {
  /** Keys seen of each open object; null for an open list. */
  const open: (Set<string> | null)[] = [];
  let [from, to] = [0, 0];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') {
      [from, to] = [at, afterString(json, at)];
      at = to - 1;
    } else if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(null);
    else if (sign === '}' || sign === ']') open.pop();
    else if (sign === ':') {
      const key = JSON.parse(json.slice(from, to)) as string;
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return null;
}
