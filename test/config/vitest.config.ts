// One vitest configuration with three projects: plain code, browser-like component tests, and everything that starts processes.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;

export default defineConfig({
  root,
  test: {
    globalSetup: ['test/config/build-kernels.ts'],
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'engine/**/*.test.ts',
            'main/**/*.test.ts',
            'test/{golden,property,contract}/**/*.test.ts',
            'renderer/{model,state,host,messages}/**/*.test.ts',
          ],
          exclude: ['renderer/**/*.svelte.test.ts', 'node_modules/**'],
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['renderer/**/*.svelte.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          environment: 'node',
          include: ['test/{crash,security,e2e,cli,setup,simulated-electron}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
