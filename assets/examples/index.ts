// The bundled examples by name, built into the program. They are documents like any other: parsed when they are used.
import regression from './regression.json' with { type: 'json' };

export const EXAMPLES: Readonly<Record<string, unknown>> = { regression };
