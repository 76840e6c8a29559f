// A model in sums: what is learned and what one example costs, over the layers of which it is known.
import type { Diagram } from './diagram.ts';

export interface Analysis {
  readonly parameters: number;
  readonly multiplyAdds: number;
  /** False when some layer's numbers are not known: the sums are at least what they say. */
  readonly isWhole: boolean;
}

export function analysisOf({ layers }: Diagram): Analysis {
  const shapes = layers.map((x) => x.analysis.shape);
  return {
    parameters: shapes.reduce((sum, x) => sum + (x?.parameters ?? 0), 0),
    multiplyAdds: shapes.reduce((sum, x) => sum + (x?.multiplyAdds ?? 0), 0),
    isWhole: shapes.every((x) => x !== null),
  };
}
