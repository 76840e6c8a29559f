// The examples that come with the program, parsed; the command line's view of assets/examples.
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';

export const exampleNames = (): string[] => Object.keys(EXAMPLES);

/** @returns null when there is no such example. */
export function findExample(name: string): ExperimentSpec | null {
  return Object.hasOwn(EXAMPLES, name) ? parseExperiment(EXAMPLES[name]) : null;
}
