// Where the engine's Node entries lie: as TypeScript in the source tree, or bundled next to each other.

const SOURCES = {
  'engine-server': 'node-server.ts',
  'engine-trainer': 'node-trainer-worker.ts',
  'engine-thread': 'node-thread-worker.ts',
} as const;

/** Argument of the engine's process: a window draws meanwhile, and comes first where cores are few. */
export const BESIDE_A_WINDOW = '--beside-a-window';

/** The entry's address, from source (Node strips the types) and from a bundle whose entries and chunks share a folder. */
export function siblingEntry(name: keyof typeof SOURCES): URL {
  return new URL(import.meta.url.endsWith('.ts') ? `./${SOURCES[name]}` : `./${name}.js`, import.meta.url);
}
