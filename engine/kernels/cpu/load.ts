// Which build of the kernels this machine runs, compiled; and the exports of an instance, typed.
import { PLAIN, RELAXED } from './build/binaries.ts';

export interface Kernels {
  readonly module: WebAssembly.Module;
  readonly simd: 'relaxed' | 'plain';
}

/** What an instance offers; every address and size is in `assembly/layout.ts`. */
export interface KernelExports {
  /** Runs the control block's command. @returns training steps taken. */
  run(): number;
  /** Data loss of the evaluation just run. @param count elements that its mean divides by; 0 for a sum. */
  evaluationLoss(count: number): number;
  /** Makes all helpers leave their loop. */
  stopHelpers(): void;
  /** A helper thread's life; returns after `stopHelpers`. */
  helperLoop(index: number): void;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const compiled = new Map<Kernels['simd'], Kernels>();

/**
 * The kernels for this machine, compiled once per thread: the relaxed build where the WASM engine validates it.
 * @param simd asks for one build (tests run both).
 * @throws WebAssembly.CompileError when the engine has no SIMD or no threads.
 */
export function loadKernels(simd?: Kernels['simd']): Kernels {
  const chosen = simd ?? (WebAssembly.validate(decode(RELAXED)) ? 'relaxed' : 'plain');
  const known = compiled.get(chosen);
  if (known) return known;
  const kernels = { module: new WebAssembly.Module(decode(chosen === 'relaxed' ? RELAXED : PLAIN)), simd: chosen };
  compiled.set(chosen, kernels);
  return kernels;
}

/** An instance over shared memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as KernelExports;
}
