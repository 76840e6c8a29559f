// What is wrong with a document, as data: every refusal names the field, a stable code and the values involved,
// so that the command line can print it and the app can say it in the reader's language.

export type ProblemCode =
  | 'required'
  | 'unknown_key'
  | 'wrong_type'
  | 'not_one_of'
  | 'out_of_range'
  | 'not_an_integer'
  | 'too_long'
  | 'duplicate_name'
  | 'unknown_field'
  | 'unknown_variant'
  | 'shape_mismatch'
  | 'unknown_layer'
  | 'unused_layer'
  | 'empty'
  | 'bad_json'
  | 'unsupported_version';

export interface Problem {
  /** Dotted path of the field, list elements by their `name` (or index when unnamed): `model.layers.dropout1.p`. */
  readonly path: string;
  readonly code: ProblemCode;
  /** English sentence for the command line and logs. */
  readonly message: string;
  /** Values for the message catalogue, e.g. `{ expected: '0 ≤ p < 1', received: '1.5' }`. */
  readonly params: Readonly<Record<string, string>>;
}

/** @param expected what would be right, in words that complete "must be …". */
export const outOfRange = (path: string, expected: string, received: string): Problem => ({
  path,
  code: 'out_of_range',
  message: `must be ${expected}, but is ${received}`,
  params: { expected, received },
});

/** A document that cannot be used; `problems` has at least one entry. */
export class DocumentError extends Error {
  readonly code = 'INVALID_DOCUMENT';
  readonly problems: readonly Problem[];
  constructor(what: string, problems: readonly Problem[]) {
    super(`${what}: ${problems.map((p) => (p.path === '' ? p.message : `${p.path}: ${p.message}`)).join('; ')}`);
    this.name = 'DocumentError';
    this.problems = problems;
  }
}
