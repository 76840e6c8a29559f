// Before any test: the WASM kernels are built when missing or older than their source (see engine/kernels/cpu/build.mjs).
import { execFileSync } from 'node:child_process';

export default function setup(): void {
  execFileSync(process.execPath, ['engine/kernels/cpu/build.mjs', '--if-stale'], { stdio: 'inherit' });
}
