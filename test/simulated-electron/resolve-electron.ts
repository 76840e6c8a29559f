// Loaded first in the simulated main process: `electron` means the simulation, from source and from a bundle alike.
import { registerHooks } from 'node:module';

const simulation = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: simulation, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
