// Python text in pieces that get a colour: comments, strings, keywords and numbers; everything else is plain.

export interface CodeToken {
  readonly kind: 'plain' | 'comment' | 'string' | 'keyword' | 'number';
  readonly text: string;
}

const KEYWORDS =
  'and as assert class def del elif else except False finally for from if import in is lambda None not or pass raise return self super True try while with yield';

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<string>"""[^]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`,
    String.raw`(?<keyword>\b(?:${KEYWORDS.replaceAll(' ', '|')})\b)`,
    String.raw`(?<number>\b\d+(?:\.\d*)?(?:e[+-]?\d+)?\b)`,
  ].join('|'),
  'g',
);

export function codeTokens(text: string): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > at) tokens.push({ kind: 'plain', text: text.slice(at, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, x]) => x !== undefined)?.[0] ?? 'plain';
    tokens.push({ kind: kind as CodeToken['kind'], text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: 'plain', text: text.slice(at) });
  return tokens;
}
