// The comparisons against a PyTorch of this machine. Whole runs are chaotic: where PyTorch parts from itself (another instruction
// set, the same seed), no bound can hold anyone to it. So a run is held to it for as long as PyTorch holds to itself, and beyond that
// every recorded update is, from PyTorch's own state (DECISIONS.md of test/golden).
import { parseExperiment } from '../spec/index.ts';
import { createSession } from '../train/index.ts';
import { DifferenceTally, relativeDifference, type Tally } from './difference.ts';
import { compareRecords } from './compare-records.ts';
import type { Fixture, RecordedValues } from './fixture.ts';
import type { RecordedExample, RecordedRun } from './recorded-run.ts';
import { replay, startDifferences, withInitialization } from './replay-runs.ts';
import { compareSteps, type RecordedStep } from './replay-steps.ts';
import { tallyRow, together, unequalRow, type ParityFindings, type ParityRow } from './rows.ts';
import { curveDifferences, type ReplayedRun } from './run-differences.ts';
import { BOUNDS, CURVE_STEPS, type ParitySource, type ParityTask } from './source.ts';
import { partTasks } from './tasks.ts';

/** The example whose runs are recorded whole; of the others, the first updates and single ones are. */
const WHOLE = ['regression', 'regression-same'] as const;

/** PyTorch must agree with itself ten times as well as we are asked to agree with it: chaos multiplies both alike. */
const OWN_SHARE = 0.1;

export interface LiveSource extends ParitySource {
  /** What was committed, to tell how far this machine's PyTorch is from it. */
  committed<Case>(name: string): Fixture<Case>;
  /** The same records by PyTorch under other instruction sets. */
  readonly others: readonly Pick<ParitySource, 'read'>[];
  /** `steps.f32`. */
  numbers(): Float32Array;
}

/** The first updates of an example's variant. */
interface RecordedCurve {
  readonly example: string;
  readonly variant: string;
  readonly seed: number;
  readonly initial: Readonly<Record<string, RecordedValues & { readonly shape: readonly number[] }>>;
  readonly train_loss: readonly number[];
}

export interface OwnAgreement {
  /** Updates for which PyTorch's runs agree. */
  readonly steps: number;
  /** By how much they part at the update after that; 0 when they do not. */
  readonly parting: number;
}

/** For how many updates PyTorch's own runs agree well enough to hold anyone to them. */
export function ownAgreement(
  base: readonly number[],
  others: readonly (readonly number[])[],
  bound: number,
): OwnAgreement {
  for (const [i, loss] of base.entries()) {
    const parting = Math.max(0, ...others.map((x) => relativeDifference(x[i] ?? Number.NaN, loss, 0)));
    if (parting > OWN_SHARE * bound) return { steps: i, parting };
  }
  return { steps: base.length, parting: 0 };
}

const percent = (x: number): string => (x > 10 ? 'more than ten times' : `${(100 * x).toPrecision(2)} %`);

function curveNote({ steps, parting }: OwnAgreement): string {
  if (steps >= CURVE_STEPS) return '';
  return `PyTorch under other instruction sets parts from itself here by ${parting.toExponential(1)} at update ${steps + 1}; beyond that, single updates are held`;
}

/** PyTorch's run in the form of ours. */
const asReplayed = (recorded: RecordedRun): ReplayedRun => ({
  ...recorded,
  lr: [],
  evaluations: recorded.evaluations.map(({ step, train_eval_loss: train, test_loss: test }) => ({
    step,
    scores: { train: { loss: train }, ...(test !== undefined && { test: { loss: test } }) },
    fit: null,
    gradientNorms: null,
  })),
  initial: new Map(),
  parameters: new Map(),
});

async function wholeRun(source: LiveSource, fixture: string): Promise<ParityFindings> {
  const rows: ParityRow[] = [];
  const remarks: string[] = [];
  for (const [i, recorded] of source.read<RecordedExample>(fixture).cases.entries()) {
    const others = source.others.flatMap(({ read }) => read<RecordedExample>(fixture).cases[i] ?? []);
    const title = `${fixture}, ${recorded.variant}`;
    const experiment = withInitialization(source.example('regression'), recorded.initialization);
    const run = await replay(recorded, { experiment, threads: 1 });
    const own = ownAgreement(
      recorded.train_loss.slice(0, CURVE_STEPS),
      others.map((x) => x.train_loss),
      BOUNDS.curve,
    );
    const { trainLoss, evaluations, final } = curveDifferences(recorded, run, own.steps);
    rows.push(
      unequalRow(
        'examples',
        `${title}: data and first values`,
        Object.keys(recorded.initial).length,
        startDifferences(recorded, run),
      ),
      tallyRow('examples', `${title}: ${own.steps} updates`, together(trainLoss, evaluations), {
        tolerance: BOUNDS.curve,
        note: curveNote(own),
      }),
    );
    const ends = others.map((x) => curveDifferences(recorded, asReplayed(x), 0).final.largest);
    const ownEnd = Math.max(0, ...ends);
    if (ownEnd <= OWN_SHARE * BOUNDS.end)
      rows.push(tallyRow('examples', `${title}: end`, final, { tolerance: BOUNDS.end }));
    else
      remarks.push(
        `${title}: the end is not compared, because PyTorch under other instruction sets ends ${percent(ownEnd)} from itself here (the lab: ${percent(final.largest)} from it).`,
      );
  }
  return { rows, remarks };
}

/** The first updates of the examples that are not recorded whole. */
async function curves(source: LiveSource): Promise<ParityFindings> {
  const rows: ParityRow[] = [];
  for (const [i, recorded] of source.read<RecordedCurve>('curves').cases.entries()) {
    const { example, variant, seed } = recorded;
    const session = await createSession({
      experiment: parseExperiment(source.example(example)),
      variant,
      seed,
      threads: 1,
    });
    try {
      const initial = new Map([...session.parameters()].map(([name, { values }]) => [name, values] as const));
      const others = source.others.map(({ read }) => read<RecordedCurve>('curves').cases[i]?.train_loss ?? []);
      const own = ownAgreement(recorded.train_loss, others, BOUNDS.curve);
      const ours = session.advance(CURVE_STEPS).steps?.train_loss ?? [];
      const tally = new DifferenceTally();
      for (const [k, theirs] of recorded.train_loss.slice(0, own.steps).entries())
        tally.add(relativeDifference(ours[k] ?? Number.NaN, Math.fround(theirs), 0), `${variant}, step ${k + 1}`);
      const start = { ...recorded, penalty_l1: [], penalty_l2: [], evaluations: [], parameters: {} };
      const replayed = { ...asReplayed(start), initial, data: session.data };
      rows.push(
        unequalRow('examples', `${example}, ${variant}: first values`, initial.size, startDifferences(start, replayed)),
        tallyRow('examples', `${example}, ${variant}: ${own.steps} updates`, tally.result, {
          tolerance: BOUNDS.curve,
          note: curveNote(own),
        }),
      );
    } finally {
      await session.dispose();
    }
  }
  return { rows, remarks: [] };
}

async function singleUpdates(source: LiveSource): Promise<ParityFindings> {
  const { cases } = source.read<RecordedStep>('steps');
  const numbers = source.numbers();
  const rows: ParityRow[] = [];
  for (const example of new Set(cases.map((x) => x.example))) {
    const experiment = parseExperiment(source.example(example));
    const [loss, state, parameters]: [Tally[], Tally[], Tally[]] = [[], [], []];
    for (const { name } of experiment.variants) {
      const steps = cases.filter((x) => x.example === example && x.variant === name);
      const found = await compareSteps(experiment, steps, numbers, { threads: 1 });
      loss.push(found.loss);
      state.push(found.state);
      parameters.push(found.parameters);
    }
    const after = [...new Set(cases.filter((x) => x.example === example).map((x) => x.after))];
    const note = `from PyTorch’s own state after ${after.join(', ')} updates`;
    const bound = { tolerance: BOUNDS.updates, note };
    rows.push(
      tallyRow('single updates', `${example}: loss`, together(...loss), bound),
      tallyRow('single updates', `${example}: parameters`, together(...parameters), bound),
    );
    const kept = together(...state);
    if (kept.comparisons > 0) rows.push(tallyRow('single updates', `${example}: optimizer state`, kept, bound));
  }
  return { rows, remarks: [] };
}

/** How far PyTorch here is from what is committed: a remark, since neither is the lab. */
export function recordRemarks(names: readonly string[], source: Pick<LiveSource, 'read' | 'committed'>): string[] {
  return names.flatMap((name) => {
    const [fresh, committed] = [source.read<unknown>(name), source.committed<unknown>(name)];
    const { numbers, texts } = compareRecords(fresh, committed);
    if (numbers.largest === 0 && texts === 0) return [];
    return [
      `PyTorch here (${fresh.header.cpu_capability}) is up to ${numbers.largest.toExponential(1)} from its own record of "${name}" (${committed.header.cpu_capability}).`,
    ];
  });
}

const marked = (task: ParityTask): ParityTask => ({
  title: `live: ${task.title}`,
  async run() {
    const { rows, remarks } = await task.run();
    return { rows: rows.map((x) => ({ ...x, group: `live: ${x.group}` })), remarks };
  },
});

const COMMITTED = ['draws', 'initialization', 'operations', 'training', 'regression', 'regression-same'] as const;

/** Against numbers that PyTorch gave just now. */
export const liveTasks = (source: LiveSource): readonly ParityTask[] =>
  [
    ...partTasks(source),
    ...WHOLE.map((fixture) => ({ title: fixture, run: () => wholeRun(source, fixture) })),
    { title: 'first updates', run: () => curves(source) },
    { title: 'single updates', run: () => singleUpdates(source) },
    {
      title: 'records',
      run: async (): Promise<ParityFindings> => ({ rows: [], remarks: recordRemarks(COMMITTED, source) }),
    },
  ].map(marked);
