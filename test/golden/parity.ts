// The command behind `npm run parity`: records everything with the PyTorch of this machine, and holds the committed
// fixtures and the lab's engine against that. Exits 0 when all bounds hold or no PyTorch is there, 1 otherwise.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { parseExperiment } from '../../engine/spec/index.ts';
import { compareRecords } from '../../engine/parity/compare-records.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { findPython, pythonCandidates, recordAll, type PythonWithTorch } from './python.ts';
import { compareDraws, type DrawCase } from '../../engine/parity/replay-draws.ts';
import { compareInitializations, type InitializationCase } from '../../engine/parity/replay-initialization.ts';
import { compareOperations, compareSchedules, type OperationCase } from '../../engine/parity/replay-operations.ts';
import type { RecordedExample, RecordedTraining } from '../../engine/parity/recorded-run.ts';
import { replay, startDifferences, withInitialization } from '../../engine/parity/replay-runs.ts';
import { curveDifferences, runDifferences } from '../../engine/parity/run-differences.ts';

const FIXTURE_NAMES = ['draws', 'initialization', 'operations', 'training', 'regression', 'regression-same'] as const;
const EXAMPLE = new URL('../../assets/examples/regression.json', import.meta.url);

interface Row {
  readonly group: string;
  readonly comparisons: number;
  readonly largest: number;
  readonly bound: number;
  /** What the largest difference belongs to. */
  readonly where: string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const countRow = (group: string, comparisons: number, wrong: readonly string[]): Row => ({
  group,
  comparisons,
  largest: wrong.length,
  bound: 0,
  where: wrong[0] ?? '',
});

function drawRows(folder: string): Row[] {
  const fixture = readFixture<DrawCase>('draws', folder);
  const { exact, normal, misplaced } = compareDraws(fixture);
  return [
    countRow('draws, unequal bits', exact.comparisons, exact.unequal),
    { group: 'draws, normals (ulp)', ...normal, bound: 2 },
    countRow('draws, streams misplaced', fixture.cases.length, misplaced),
  ];
}

function initializationRows(folder: string): Row[] {
  const fixture = readFixture<InitializationCase>('initialization', folder);
  const { exact, normal, misplaced } = compareInitializations(fixture);
  return [
    countRow('initialization, unequal bits', exact.comparisons, exact.unequal),
    { group: 'initialization, normals (ulp)', ...normal, bound: 2 },
    countRow('initialization, streams misplaced', fixture.cases.length, misplaced),
  ];
}

function operationRows(folder: string): Row[] {
  const { cases } = readFixture<OperationCase>('operations', folder);
  const { elements, sums } = compareOperations(cases);
  return [
    { group: 'operations', ...elements, bound: 1e-5 },
    { group: 'operations, sums of products', ...sums, bound: 1e-6 },
    { group: 'schedules', ...compareSchedules(cases), bound: 1e-12 },
  ];
}

async function trainingRow(folder: string): Promise<Row> {
  let [comparisons, largest, where] = [0, 0, ''];
  for (const recorded of readFixture<RecordedTraining>('training', folder).cases) {
    const experiment = parseExperiment(recorded.experiment);
    const run = await replay(recorded, { experiment, threads: 1 });
    const tally = runDifferences(recorded, run, experiment.name);
    comparisons += tally.comparisons;
    if (tally.largest > largest) ({ largest, where } = tally);
  }
  return { group: 'ten updates', comparisons, largest, where, bound: 1e-5 };
}

async function exampleRows(folder: string, name: 'regression' | 'regression-same'): Promise<Row[]> {
  const example = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as object;
  const rows: Row[] = [];
  for (const recorded of readFixture<RecordedExample>(name, folder).cases) {
    const experiment = withInitialization(example, recorded.initialization);
    const run = await replay(recorded, { experiment, threads: 1 });
    const { trainLoss, evaluations, final, equalSteps } = curveDifferences(recorded, run, 100);
    const group = `${name}, ${recorded.variant}`;
    const curve = trainLoss.largest > evaluations.largest ? trainLoss : evaluations;
    rows.push(
      countRow(`${group}: start, unequal`, Object.keys(recorded.initial).length + 4, startDifferences(recorded, run)),
      {
        group: `${group}: 100 steps`,
        ...curve,
        comparisons: trainLoss.comparisons + evaluations.comparisons,
        bound: 1e-4,
      },
      {
        group: `${group}: final (${equalSteps} of ${recorded.train_loss.length} steps bit-equal)`,
        ...final,
        bound: 0.05,
      },
    );
  }
  return rows;
}

/** Whether every fixture is what this machine's PyTorch says. */
function reportFixtures(folder: string): void {
  say('\nPyTorch here against the committed fixtures');
  for (const name of FIXTURE_NAMES) {
    const [fresh, committed] = [readFixture<unknown>(name, folder), readFixture<unknown>(name)];
    const { numbers, texts } = compareRecords(fresh, committed);
    const { header } = committed;
    const same = numbers.largest === 0 && texts === 0;
    say(
      `  ${name}: ${numbers.comparisons} numbers, ${same ? 'all equal' : `largest relative difference ${numbers.largest.toExponential(1)} (${numbers.where}), ${texts} hashes differ`}`,
    );
    if (!same)
      say(
        `    recorded with torch ${header.torch} (${header.cpu_capability}), here torch ${fresh.header.torch} (${fresh.header.cpu_capability});` +
          ' processors sum in different orders, and long runs amplify the last bit (test/golden/DECISIONS.md)',
      );
  }
}

function reportRows(rows: readonly Row[]): boolean {
  say("\nThe lab's engine against PyTorch here");
  const width = Math.max(...rows.map((x) => x.group.length));
  for (const { group, comparisons, largest, bound, where } of rows) {
    const verdict = largest <= bound ? 'ok' : `ABOVE ${bound}: ${where}`;
    say(
      `  ${group.padEnd(width)}  ${String(comparisons).padStart(8)} compared, largest ${largest.toExponential(1)}  ${verdict}`,
    );
  }
  return rows.every((x) => x.largest <= x.bound);
}

async function runParity(python: PythonWithTorch): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'overfit-parity-'));
  try {
    say(`parity: recording with torch ${python.torch} (${python.command}), about half a minute`);
    recordAll(python, folder);
    const fresh = folder + sep;
    reportFixtures(fresh);
    return reportRows([
      ...drawRows(fresh),
      ...initializationRows(fresh),
      ...operationRows(fresh),
      await trainingRow(fresh),
      ...(await exampleRows(fresh, 'regression')),
      ...(await exampleRows(fresh, 'regression-same')),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const python = findPython(pythonCandidates(process.env));
if ('reasons' in python) {
  say(`parity: not run: no Python with torch (${python.reasons.join('; ')}).`);
  say(
    'To get it: python3 -m venv .venv && .venv/bin/pip install torch==2.13.0, then OVERFIT_PYTHON=.venv/bin/python npm run parity',
  );
} else {
  const kept = await runParity(python);
  say(kept ? '\nparity: every bound holds' : '\nparity: a bound is broken');
  process.exitCode = kept ? 0 : 1;
}
