// Before any test: the WASM kernels are built when missing or older than their source (see engine/kernels/cpu/build.mjs).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const script = 'engine/kernels/cpu/build.mjs';

export default function setup(): void {
  if (existsSync(script)) execFileSync(process.execPath, [script, '--if-stale'], { stdio: 'inherit' });
}
