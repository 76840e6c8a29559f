// What version-2.overfit holds besides rows that test/project/rows.ts makes: for the program that made it and the test that reads it.
import type { Certificate } from '../../../main/contract/shapes.ts';

export const event = (step: number) => ({ step, path: 'recipe.optimizer.lr', value: step / 1000 });

export const certificate: Certificate = {
  createdAt: 1_795_000_002_000,
  appVersion: '0.2.0',
  reference: 'PyTorch 2.13.0',
  live: false,
  device: { kind: 'cpu', simd: 'relaxed', threads: 1 },
  passed: true,
  comparisons: [
    {
      group: 'draws',
      name: 'normal',
      values: 100_000,
      largest: 1,
      tolerance: 2,
      unit: 'ulp',
      passed: true,
      origin: 'PyTorch 2.13.0, recorded 2026-11-20',
      // Not in the file, which is older than they are.
      where: '',
      note: '',
    },
  ],
  remarks: [],
};
