// What one core can multiply and add in 128-bit vectors: independent fused multiply-adds and nothing else, in WASM.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ACCUMULATORS = 12;
const FLOATS = 4;
const CALLS = 2_000_000;

const range = Array.from({ length: ACCUMULATORS }, (_, i) => i);
const SOURCE = `
export function run(n: i32, x: f32, y: f32): f32 {
  let a = f32x4.splat(x);
  let b = f32x4.splat(y);
${range.map((i) => `  let c${i} = f32x4.splat(0);`).join('\n')}
  for (let i = 0; i < n; i++) {
${range.map((i) => `    c${i} = f32x4.relaxed_madd(a, b, c${i});`).join('\n')}
  }
  return f32x4.extract_lane(${range.map((i) => `c${i}`).reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
}
`;

/** @returns a function that measures once: floating-point operations per second, two per multiply-add. */
export async function peakMeter(): Promise<() => number> {
  const { default: asc } = await import('assemblyscript/asc');
  const folder = mkdtempSync(join(tmpdir(), 'overfit-peak-'));
  try {
    writeFileSync(join(folder, 'peak.ts'), SOURCE);
    const options = [
      '-O3',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--noAssert',
      '--enable',
      'simd',
      '--enable',
      'relaxed-simd',
    ];
    const { error, stderr } = await asc.main(
      ['peak.ts', '--baseDir', folder, '--outFile', 'peak.wasm', ...options],
      {},
    );
    if (error) throw new Error(`the peak program does not compile: ${stderr.toString()}`);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(folder, 'peak.wasm'))));
    const run = instance.exports['run'] as (n: number, x: number, y: number) => number;
    run(CALLS, 1.0001, 0.5);
    return () => {
      const start = performance.now();
      run(CALLS, 1.0001, 0.5);
      return (CALLS * ACCUMULATORS * FLOATS * 2 * 1000) / (performance.now() - start);
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
