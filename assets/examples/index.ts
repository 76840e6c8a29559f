// The bundled examples by name, built into the program. They are documents like any other: parsed when they are used.
import cnn from './cnn.json' with { type: 'json' };
import empty from './empty.json' with { type: 'json' };
import numpyDropout from './numpy-dropout.json' with { type: 'json' };
import regression from './regression.json' with { type: 'json' };

export const EXAMPLES: Readonly<Record<string, unknown>> = { regression, cnn, 'numpy-dropout': numpyDropout };

/** What an empty project begins with: no examples and no layers yet, and the recipe of the first example. */
export const EMPTY: unknown = empty;
