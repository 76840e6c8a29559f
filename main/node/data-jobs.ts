// What passes between the app and the thread that reads data: jobs in, answers and progress out. Typed, not validated again.
import type { Pair } from '../../engine/data/index.ts';
import type { DataPreview, DatasetSpec } from '../../engine/spec/index.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { ColumnSummary, PairSample } from '../contract/column-shapes.ts';
import type { DatasetEntry, DatasetReport, DatasetRows, ImportOptions, ImportPreview } from '../contract/shapes.ts';

/** What each job is given, and what it answers. Paths are absolute; `file` is the container of a stored data set. */
export interface DataJobs {
  inspect: {
    readonly input: { readonly path: string; readonly options: ImportOptions | null };
    readonly output: ImportPreview;
  };
  /** Writes the container to `part`. */
  read: {
    readonly input: { readonly path: string; readonly options: ImportOptions; readonly part: string };
    readonly output: Omit<DatasetEntry, 'createdAt'>;
  };
  rows: {
    readonly input: { readonly file: string; readonly from: number; readonly count: number };
    readonly output: DatasetRows;
  };
  report: { readonly input: { readonly file: string; readonly data: DatasetSpec }; readonly output: DatasetReport };
  /** null: there is no such column that is learnt from. */
  column: {
    readonly input: { readonly file: string; readonly data: DatasetSpec; readonly at: number };
    readonly output: ColumnSummary | null;
  };
  pair: {
    readonly input: { readonly file: string; readonly data: DatasetSpec; readonly pair: Pair };
    readonly output: PairSample | null;
  };
  preview: {
    readonly input: { readonly file: string; readonly data: DatasetSpec };
    readonly output: DataPreview;
  };
}
export type DataJobName = keyof DataJobs;

/** Those that are asked often and answered from one decoded data set. */
export type DataQuestion = 'rows' | 'report' | 'column' | 'pair' | 'preview';

export type DataCommand =
  | {
      readonly [Job in DataJobName]: {
        readonly type: 'job';
        readonly id: number;
        readonly job: Job;
        readonly input: DataJobs[Job]['input'];
      };
    }[DataJobName]
  /** Nobody waits for it any more. */
  | { readonly type: 'cancel'; readonly id: number };

export interface DataFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type DataEvent =
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly id: number; readonly output: DataJobs[DataJobName]['output'] }
  | { readonly type: 'failed'; readonly id: number; readonly failure: DataFailure };
