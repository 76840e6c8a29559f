// The points that a document describes, before any run: what a run with the document's own seed would see.
import { Generator } from '../random/index.ts';
import type { DataPoints, ExperimentSpec } from '../spec/index.ts';
import { drawData } from './data.ts';

/** Data comes first in a run's one generator stream, so a fresh generator draws exactly the run's points. */
export const drawPoints = ({ data, seed }: ExperimentSpec): DataPoints => drawData(data, Generator.manualSeed(seed));
