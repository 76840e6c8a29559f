// A loss of one kind, as the document has it.
import type { LossSpec, LossType } from '../../spec/index.ts';

export type LossOf<T extends LossType> = Extract<LossSpec, { type: T }>;
