// The planner: nothing that is in use at the same time shares memory, threads meet where they must, and no more memory is asked for than can be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleTable, sampleVariant } from '../train/sample-experiments.ts';
import { ALIGNMENT, packArena } from './arena.ts';
import type { EngineError } from './engine-error.ts';
import { instruction, touches, type Buffer, type Instruction, type Share, type Split } from './instruction.ts';
import { derivePhases, type Lifetime } from './phases.ts';
import { planTraining } from './plan.ts';

interface Placed {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly life: Lifetime;
}

function sharing(placed: readonly Placed[]): string[] {
  return placed.flatMap((a, i) =>
    placed
      .slice(i + 1)
      .filter((b) => a.life.first <= b.life.last && b.life.first <= a.life.last && a.start < b.end && b.start < a.end)
      .map((b) => `${a.name} and ${b.name}`),
  );
}

const lifetimes = fc
  .array(fc.record({ bytes: fc.nat(5000), first: fc.nat(20), length: fc.nat(10) }), { maxLength: 40 })
  .map(
    (items) =>
      new Map(
        items.map(({ bytes, first, length }, i): [Buffer, Lifetime] => [
          { name: `b${i}`, bytes, persistent: false, perExample: true },
          { first, last: first + length },
        ]),
      ),
  );

describe('packArena', () => {
  it('never puts two buffers that are in use together on the same bytes', () => {
    fc.assert(
      fc.property(lifetimes, (map) => {
        const packing = packArena(map);
        const placed = [...map].map(([buffer, life]) => {
          const start = packing.offsets.get(buffer) as number;
          return { name: buffer.name, start, end: start + buffer.bytes, life };
        });
        expect(sharing(placed)).toEqual([]);
        for (const { start, end } of placed) {
          expect(start % ALIGNMENT).toBe(0);
          expect(end).toBeLessThanOrEqual(packing.bytes);
        }
        expect(packing.bytes).toBeGreaterThanOrEqual(packing.lowerBoundBytes);
      }),
    );
  });
});

const DEEP = [300, 0.5, 'ReLU', 300, 0.5, 'ReLU', 7, 'Tanh', 33, 'Sigmoid', 1] as const;

describe('planTraining', () => {
  it('gives buffers of the real program their own bytes while they live', () => {
    const plan = planTraining(sampleVariant({ layers: DEEP }));
    for (const { phases } of [plan.train, plan.evaluate]) {
      const placed = [...phases.lifetimes].map(([buffer, life]) => {
        const start = plan.addressOf(buffer);
        return {
          name: buffer.name,
          start,
          end: start + buffer.bytes,
          life: buffer.persistent ? { first: 0, last: Infinity } : life,
        };
      });
      expect(placed.length).toBeGreaterThan(10);
      expect(sharing(placed)).toEqual([]);
    }
  });

  it('packs the regression example as tightly as can be', () => {
    const plan = planTraining(sampleVariant({ layers: [300, 0.5, 'ReLU', 300, 0.5, 'ReLU', 1] }));
    expect(plan.pool.bytes).toBe(plan.pool.lowerBoundBytes);
  });

  it('lets threads meet between two instructions that touch each other’s rows', () => {
    const { instructions, phases } = planTraining(sampleVariant({ layers: DEEP })).train;
    for (const [i, a] of instructions.entries())
      for (const [j, b] of instructions.entries()) {
        if (j <= i || phases.phaseOf[i] !== phases.phaseOf[j]) continue;
        for (const x of touches(a))
          for (const y of touches(b))
            if (x.buffer === y.buffer && (x.writes || y.writes))
              expect(
                (x.access === 'own' && y.access === 'own' && a.split === b.split && a.rows === b.rows) ||
                  (a.split === 'one' && b.split === 'one'),
                `${a.kernel} and ${b.kernel} on ${x.buffer.name}`,
              ).toBe(true);
      }
  });

  it('lets threads meet between rows of pixels and channels, also where there are as many of both', () => {
    const resolved = sampleVariant({
      layers: [
        { type: 'Conv2d', out_channels: 8, kernel_size: 3, padding: 1 },
        'BatchNorm2d',
        { type: 'Conv2d', out_channels: 8, kernel_size: 3, padding: 1 },
        { type: 'MaxPool2d', kernel_size: 2, stride: 1, padding: 1 },
        { type: 'Conv2d', out_channels: 8, kernel_size: 2 },
        'Flatten',
        2,
      ],
      data: sampleTable({ rows: 5, testRows: 1, input: [3, 8, 8], targets: 2 }),
    });
    const { instructions, phases } = planTraining(resolved, { threads: 2 }).train;
    const phase = (kernel: string, nth: number): number =>
      instructions.flatMap((x, i) => (x.kernel === kernel ? [phases.phaseOf[i] as number] : []))[nth] as number;
    expect(instructions.find((x) => x.kernel === 'batch_norm_forward')?.rows).toBe(8);
    expect(phase('batch_norm_forward', 0)).toBeGreaterThan(phase('conv_forward', 0));
    expect(phase('max_pool_backward', 0)).toBeGreaterThan(phase('conv_grad_input', 0));
    expect(phase('batch_norm_backward', 0)).toBeGreaterThan(phase('conv_grad_input', 1));
  });

  it('adds where either of two values lies, if nobody needs it any more', () => {
    const add = (inputs: readonly string[]) => {
      const layers = [6, 'Tanh', 6, { type: 'Add', inputs }, 1];
      const step = planTraining(sampleVariant({ layers })).train.instructions.find((x) => x.kernel === 'add_values');
      return step?.operands;
    };
    const [behind, before] = [add(['fc2', 'tanh1']), add(['tanh1', 'fc2'])];
    expect(behind?.y).toBe(behind?.x);
    expect(before?.y).toBe(before?.z);
  });

  it('updates no parameter before all threads have seen whether the loss is finite', () => {
    const { instructions, phases } = planTraining(sampleVariant({ layers: [1] })).train;
    const loss = instructions.findIndex((x) => x.kernel === 'loss_total');
    const update = instructions.findIndex((x) => x.kernel === 'linear_grad_weight');
    expect(phases.phaseOf[update]).toBeGreaterThan(phases.phaseOf[loss] as number);
  });

  it('says what an absurd model would need instead of failing in the middle', () => {
    const layers = [65_536, 'ReLU', 65_536, 1] as const;
    expect(() => planTraining(sampleVariant({ layers }))).toThrowError(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: expect.stringMatching(/need 48\.\d GiB.*4\.0 GiB/),
      }) as EngineError,
    );
  });
});

describe('derivePhases', () => {
  const buffer = (name: string): Buffer => ({ name, bytes: 64, persistent: false, perExample: true });
  const [a, b, c] = [buffer('a'), buffer('b'), buffer('c')];
  const share = (rows: number, split: Split = 'rows'): Share => ({ split, rows, granule: 1, when: 'always' });
  const relu = (x: Buffer, y: Buffer, rows = 8, split: Split = 'rows'): Instruction =>
    instruction('relu_forward', share(rows, split), { x, y }, {});
  const sizes = { inFeatures: 8, inStride: 8, outFeatures: 8 };
  const linear = (x: Buffer, y: Buffer, split: Split = 'rows'): Instruction =>
    instruction('linear_forward', share(8, split), { x, w: weight, y }, sizes);
  const weight: Buffer = { name: 'w', bytes: 256, persistent: true, perExample: false };

  it('needs no barrier between instructions that share out the same rows', () => {
    expect(derivePhases([relu(a, b), relu(b, c)]).phaseOf).toEqual([0, 0]);
  });
  it('needs one when the shares differ, or when all rows are read', () => {
    expect(derivePhases([relu(a, b), relu(b, c, 4)]).phaseOf).toEqual([0, 1]);
    expect(derivePhases([relu(a, b), linear(b, c)]).phaseOf).toEqual([0, 1]);
  });
  it('needs one before rows that others read are overwritten', () => {
    expect(derivePhases([linear(a, b), relu(c, a)]).phaseOf).toEqual([0, 1]);
  });
  it('needs one between what shares pixels and what shares as many rows', () => {
    const softmax = instruction('softmax_forward', share(8), { x: b, y: c }, { channels: 1 });
    expect(derivePhases([relu(a, b), softmax, relu(c, a)]).phaseOf).toEqual([0, 1, 2]);
  });
  it('needs none between what threads do block by block, or what one thread does alone', () => {
    expect(derivePhases([relu(a, b, 8, 'blocks'), linear(b, c, 'blocks')]).phaseOf).toEqual([0, 0]);
    expect(derivePhases([relu(a, b, 8, 'one'), linear(b, c, 'one')]).phaseOf).toEqual([0, 0]);
    expect(derivePhases([relu(a, b, 8, 'blocks'), linear(b, c)]).phaseOf).toEqual([0, 1]);
  });
  it('needs one where a part of a buffer meets the whole', () => {
    const part = { ...buffer('part'), within: { buffer: a, offset: 0 } };
    expect(derivePhases([relu(b, part), linear(a, c)]).phaseOf).toEqual([0, 1]);
  });
});
