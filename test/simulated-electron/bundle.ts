// Bundles what runs in the page's isolated world into one classic script each: the bridge, and a preload given as source.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'vite';

/** @returns one script. Electron itself stays an import. */
export async function bundle(entry: string, format: 'iife' | 'cjs' | 'es'): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: resolve(import.meta.dirname, '../..'),
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: entry, external: ['electron'], output: { format, name: 'bundle' } },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const output of outputs) {
    if (!('output' in output)) continue;
    for (const chunk of output.output) if (chunk.type === 'chunk') return chunk.code;
  }
  throw new Error(`nothing came out of ${entry}`);
}

/** Bundled scripts by entry: sources do not change while a process runs. */
const bundled = new Map<string, Promise<string>>();
function bundledOnce(entry: string, format: 'iife' | 'cjs'): Promise<string> {
  const made = bundled.get(entry) ?? bundle(entry, format);
  bundled.set(entry, made);
  return made;
}

/**
 * @param preload a bundled `.cjs` file (run as it is) or the `.ts` source (bundled as the build does).
 * @returns the script that an isolated world runs first in every document.
 */
export async function isolatedWorldScript(preload: string): Promise<string> {
  const [bridge, code] = await Promise.all([
    bundledOnce(resolve(import.meta.dirname, 'page-bridge.ts'), 'iife'),
    preload.endsWith('.cjs') ? readFile(preload, 'utf8') : bundledOnce(preload, 'cjs'),
  ]);
  return `${bridge}
if (globalThis.simulatedRequire !== undefined)
  (function (require, module, exports) {
${code}
  })(globalThis.simulatedRequire, { exports: {} }, {});
`;
}
