// One build for all three hosts: main-side entries (desktop, loopback host, command line, engine), the preload, the window.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      // Everything but Electron and Node's own modules is bundled: the package ships no node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          electron: at('main/electron/main.ts'),
          browser: at('main/browser/main.ts'),
          cli: at('main/cli/main.ts'),
          'engine-server': at('engine/process/node-server.ts'),
          'engine-trainer': at('engine/process/node-trainer-worker.ts'),
          'data-worker': at('main/node/data-worker.ts'),
          'parity-worker': at('main/node/parity-worker.ts'),
          'engine-thread': at('engine/process/node-thread-worker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Next to the entries, so that an entry finds its siblings from wherever its code was put.
          chunkFileNames: '[name]-[hash].js',
        },
        external: [/^node:/, 'electron', 'bufferutil', 'utf-8-validate'],
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('main/electron/preload.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        external: ['electron'],
      },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [svelte({ configFile: false })],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // Data URLs would need holes in the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
