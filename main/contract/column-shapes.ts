// What is said of a column of a whole data set, and of two of them, as it crosses the contract.
import * as v from 'valibot';
import { f64, i32, list, u8 } from './shapes.ts';

const figure = v.union([v.number(), v.nan()]);
const byPart = <T extends v.GenericSchema>(part: T) =>
  v.strictObject({ all: part, train: part, validation: part, test: part });
const summarized = { name: v.string(), role: v.picklist(['feature', 'target']) };
/** A column of all rows that the document keeps, in the file's units: see `ColumnSummary` of engine/data. */
export const ColumnSummary = v.variant('kind', [
  v.strictObject({
    ...summarized,
    kind: v.literal('number'),
    /** Of the bars, ascending; the same in all parts. */
    limits: list(v.number()),
    parts: byPart(
      v.strictObject({
        /** See `ColumnFacts` of engine/spec. */
        facts: v.strictObject({
          count: v.number(),
          missing: v.number(),
          mean: figure,
          sd: figure,
          min: figure,
          max: figure,
        }),
        /** Exact; null: there are no numbers, or too many to find them. */
        quartiles: v.nullable(v.pipe(v.strictTuple([v.number(), v.number(), v.number()]), v.readonly())),
        counts: i32,
      }),
    ),
  }),
  v.strictObject({
    ...summarized,
    kind: v.literal('category'),
    /** The most frequent first. */
    named: list(v.string()),
    /** How many more values come, whose rows are counted together. */
    unnamed: v.number(),
    parts: byPart(v.strictObject({ count: v.number(), missing: v.number(), counts: i32, others: v.number() })),
  }),
]);
export type ColumnSummary = v.InferOutput<typeof ColumnSummary>;

/** Two columns against each other: see `PairSample` of engine/data. */
export const PairSample = v.strictObject({
  /** Rows that have both numbers, of which a random sample is here. */
  total: v.number(),
  /** Rows that miss one. */
  missing: v.number(),
  x: f64,
  y: f64,
  /** u8, 1 + the position in `SPLITS`. */
  splits: u8,
  /** i32; null: the target is no class. */
  classes: v.nullable(i32),
});
export type PairSample = v.InferOutput<typeof PairSample>;
