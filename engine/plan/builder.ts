// Collects a program: names its buffers, says how its instructions are shared out.
import { spread, type Geometry } from './geometry.ts';
import {
  instruction,
  type Buffer,
  type Instruction,
  type Numbers,
  type Operands,
  type Share,
  type When,
} from './instruction.ts';
import type { KernelName } from './kernel-table.ts';

/** Rows that stay together where nothing else is said: what the matrix product's row block takes. */
export const ROW_BLOCK = 12;

export class ProgramBuilder {
  readonly steps: Instruction[] = [];
  readonly geometry: Geometry;
  /** How threads share what is computed example by example. */
  readonly split: 'rows' | 'blocks';
  readonly mode: 'train' | 'evaluate';

  constructor(mode: 'train' | 'evaluate', geometry: Geometry, split: 'rows' | 'blocks') {
    this.mode = mode;
    this.geometry = geometry;
    this.split = split;
  }

  /** Values of the examples of a chunk, `elements` each. */
  activation(name: string, elements: number): Buffer {
    const { stride, blocks } = this.geometry;
    return { name, bytes: 4 * elements * stride * blocks, persistent: false, perExample: true };
  }

  /** One example after another, `elements` floats each in rows of whole vectors, spread(elements) apart. */
  exampleRows(name: string, elements: number): Buffer {
    return this.activation(name, spread(elements));
  }

  /** One f64 per block of examples. */
  blockSums(name: string): Buffer {
    return { name, bytes: 8 * this.geometry.blocks, persistent: false, perExample: true };
  }

  /** Computed example by example; where threads share rows, each takes some of `rows`. */
  each(rows: number, granule = ROW_BLOCK): Share {
    return this.split === 'blocks' ? { split: 'blocks', rows, granule, when: 'always' } : this.across(rows, granule);
  }

  /** Computed example by example, in which an example's rows cannot be divided. */
  whole(rows: number): Share {
    return { split: this.split === 'blocks' ? 'blocks' : 'one', rows, granule: 1, when: 'always' };
  }

  /** Sums over the examples: threads share rows, each over all examples. */
  across(rows: number, granule = ROW_BLOCK, when: When = 'always'): Share {
    // What cannot be divided is the first thread's: so it needs no barrier after other things that are.
    return { split: rows > granule ? 'rows' : 'one', rows, granule, when };
  }

  one(when: When = 'always'): Share {
    return { split: 'one', rows: 1, granule: 1, when };
  }

  emit<K extends KernelName>(kernel: K, share: Share, operands: Operands<K>, numbers: Numbers<K>): Instruction {
    const step = instruction(kernel, share, operands, numbers);
    this.steps.push(step);
    return step;
  }
}
