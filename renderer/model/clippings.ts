// What is copied as text: plain JSON that says what it is and in which version, so that it can be pasted into another project, kept
// in a mail, and told apart from anything else when it comes back.

export const CLIPPING_KINDS = ['layers', 'variant'] as const;
export type ClippingKind = (typeof CLIPPING_KINDS)[number];

const VERSION = 1;
const formatOf = (kind: ClippingKind): string => `overfit-${kind}`;

export const clippingText = (kind: ClippingKind, content: object): string =>
  `${JSON.stringify({ format: formatOf(kind), version: VERSION, ...content }, null, 2)}\n`;

export interface Clipping {
  readonly kind: ClippingKind;
  /** Made by a newer version of the app: what it holds is not to be trusted. */
  readonly newer: boolean;
  readonly content: Readonly<Record<string, unknown>>;
}

/** @returns null when the text is no clipping of any kind. */
export function readClipping(text: string): Clipping | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || !('version' in value)) return null;
  const { format, version, ...content } = value;
  const kind = CLIPPING_KINDS.find((x) => formatOf(x) === format);
  if (kind === undefined || typeof version !== 'number') return null;
  return { kind, newer: version > VERSION, content };
}
