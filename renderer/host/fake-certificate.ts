// A certificate as the comparison makes it, with made-up differences: for component tests and the gallery only.
import type { Certificate } from '../../main/contract/shapes.ts';

type Comparison = Certificate['comparisons'][number];

const ORIGIN = 'PyTorch 2.13.0, NumPy 2.3.5, 2026-11-20';

const NOTES: Readonly<Record<string, string>> = {
  overfitting: 'the first 500 of 500 recorded losses are equal in every bit',
};

const comparisons = (
  group: string,
  names: readonly string[],
  { unit, tolerance, values }: Pick<Comparison, 'unit' | 'tolerance' | 'values'>,
  difference: (i: number) => number,
): Comparison[] =>
  names.map((name, i) => {
    const largest = difference(i);
    return {
      group,
      name,
      values,
      largest,
      tolerance,
      unit,
      passed: largest <= tolerance,
      origin: ORIGIN,
      where: '',
      note: NOTES[name] ?? '',
    };
  });

/** @param wrong comparisons that do not hold, from the last one on. */
export function fakeCertificate(wrong = 0): Certificate {
  const all = [
    ...comparisons(
      'draws',
      ['rand', 'randn', 'randperm', 'bernoulli', 'randint'],
      { unit: 'ulp', tolerance: 2, values: 65_536 },
      (i) => (i === 1 ? 1 : 0),
    ),
    ...comparisons('live: draws', ['uniform'], { unit: 'ulp', tolerance: 2, values: 4096 }, () => 0),
    ...comparisons(
      'initialization',
      ['Linear', 'Conv2d', 'uniform', 'normal', 'xavier_uniform', 'kaiming_normal'],
      { unit: 'ulp', tolerance: 2, values: 12_288 },
      (i) => (i % 2 === 0 ? 0 : 1),
    ),
    ...comparisons(
      'operations',
      ['Linear', 'Conv2d', 'MaxPool2d', 'AvgPool2d', 'BatchNorm1d', 'BatchNorm2d', 'LayerNorm', 'ReLU', 'GELU', 'ELU']
        .flatMap((x) => [x, `${x}, gradient`])
        .slice(0, 18),
      { unit: 'relative', tolerance: 1e-5, values: 4096 },
      (i) => (i % 5 === 0 ? 0 : (i + 1) * 3.1e-8),
    ),
    ...comparisons(
      'ten updates',
      ['SGD', 'SGD with momentum', 'Adam', 'AdamW', 'RMSprop', 'Adagrad'],
      { unit: 'relative', tolerance: 1e-5, values: 1840 },
      (i) => (i + 1) * 4.7e-8,
    ),
    ...comparisons(
      'examples',
      ['overfitting', 'dropout', 'L1', 'L2', 'combined'],
      { unit: 'relative', tolerance: 1e-4, values: 500 },
      (i) => (i + 1) * 8.3e-6,
    ),
  ];
  const from = all.length - wrong;
  const judged = all.map((x, i) => (i < from ? x : { ...x, largest: x.tolerance * 3, passed: false }));
  return {
    createdAt: Date.UTC(2026, 10, 23, 9, 30),
    appVersion: '0.1.0',
    reference: 'PyTorch 2.13.0',
    live: false,
    device: { kind: 'cpu', simd: 'relaxed', threads: 2 },
    passed: wrong === 0,
    comparisons: judged,
    remarks: [
      'cnn: the end is not compared, because PyTorch under other instruction sets ends 0.031 from itself here (the lab: 0.012 from it).',
    ],
  };
}
