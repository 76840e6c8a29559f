// Lint rules: strict types everywhere, the layers of the architecture, and the ways around the contract closed.
import type { Linter } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { resolve } from 'node:path';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';
import { layersRule } from './layers.ts';

const root = resolve(import.meta.dirname, '../..');

// One object for both blocks: eslint refuses two definitions of a plugin.
const lab = { rules: { layers: layersRule } };

const strictTypes: Linter.RulesRecord = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/require-await': 'off',
  'no-console': 'error',
  eqeqeq: 'error',
  'no-empty': ['error', { allowEmptyCatch: false }],
  'lab/layers': 'error',
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'out/**',
      'dist/**',
      'engine/kernels/cpu/assembly/**',
      'engine/kernels/cpu/build/**',
      'test/gallery/shots/**',
      'test/e2e/results/**',
    ],
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: resolve(root, 'tsconfig.json'), tsconfigRootDir: root },
      globals: { ...globals.es2024 },
    },
    plugins: { lab },
    rules: strictTypes,
  },
  {
    files: ['**/*.svelte'],
    languageOptions: {
      parser: svelteParser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] },
      globals: { ...globals.browser },
    },
    plugins: { lab, '@typescript-eslint': tseslint.plugin },
    rules: {
      'lab/layers': 'error',
      'no-console': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    // Scripts and programs of the tests talk to the terminal.
    files: ['test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['main/setup/**/*.mjs', 'main/cli/bin.mjs', 'engine/kernels/cpu/build.mjs'],
    languageOptions: { globals: { ...globals.node } },
    rules: { eqeqeq: 'error', 'no-unused-vars': 'error', 'no-undef': 'error' },
  },
);
