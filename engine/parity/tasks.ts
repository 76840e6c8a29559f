// The comparisons in the order of the certificate: every group of recorded numbers, computed again and held to its bound.
import { LAYER_OPS, LOSS_OPS, OPTIMIZER_OPS } from '../ops/index.ts';
import { parseExperiment } from '../spec/index.ts';
import type { Tally } from './difference.ts';
import { exampleTasks } from './example-tasks.ts';
import type { RecordedTraining } from './recorded-run.ts';
import { compareDraws, type DrawCase, type DrawDifferences } from './replay-draws.ts';
import { compareInitializations, type InitializationCase } from './replay-initialization.ts';
import { compareOperations, compareSchedules, subjectOf, type OperationCase } from './replay-operations.ts';
import { replayReference } from './replay-reference.ts';
import { replay, startDifferences } from './replay-runs.ts';
import { tallyRow, together, unequalRow, type ParityFindings, type ParityRow } from './rows.ts';
import { runDifferences } from './run-differences.ts';
import { BOUNDS, THREADS, type ParitySource, type ParityTask } from './source.ts';

const findings = (...rows: readonly ParityRow[]): ParityFindings => ({ rows, remarks: [] });

const drawRows = (
  group: string,
  streams: number,
  exact: string,
  { exact: bits, normal, misplaced }: DrawDifferences,
): ParityFindings =>
  findings(
    unequalRow(group, exact, bits.comparisons, bits.unequal),
    tallyRow(group, 'normals', normal, { tolerance: 2, unit: 'ulp' }),
    unequalRow(group, 'where the generator stands afterwards', streams, misplaced),
  );

function drawTask({ read }: ParitySource): ParityFindings {
  const fixture = read<DrawCase>('draws');
  return drawRows(
    'draws',
    fixture.cases.length,
    'uniform, whole numbers, orders, masks, pictures',
    compareDraws(fixture),
  );
}

function initializationTask({ read }: ParitySource): ParityFindings {
  const fixture = read<InitializationCase>('initialization');
  return drawRows(
    'initialization',
    fixture.cases.length,
    'first values that are no normals',
    compareInitializations(fixture),
  );
}

/** What a recorded operation is: the certificate has a row for each kind. */
function kindOf(recorded: OperationCase): string {
  const subject = subjectOf(recorded);
  if (subject in LAYER_OPS) return 'layers';
  if (subject in LOSS_OPS) return 'losses';
  if (subject in OPTIMIZER_OPS) return 'optimizers';
  return { penalty: 'penalties', constraint: 'constraints' }[subject] ?? subject;
}

function operationTask({ read }: ParitySource): ParityFindings {
  const cases = read<OperationCase>('operations').cases.filter((x) => x.operation !== 'schedule');
  return findings(
    ...[...new Set(cases.map(kindOf))].flatMap((kind) => {
      const { elements, sums } = compareOperations(cases.filter((x) => kindOf(x) === kind));
      const rows = [
        tallyRow('operations', kind, elements, { tolerance: BOUNDS.elements }),
        tallyRow('operations', `${kind}, sums in their terms`, sums, { tolerance: BOUNDS.sums }),
      ];
      // Some kinds add nothing up, some nothing else; a kind with neither is not recorded.
      return rows.some((x) => x.values > 0) ? rows.filter((x) => x.values > 0) : rows;
    }),
  );
}

function scheduleTask({ read }: ParitySource): ParityFindings {
  const { cases } = read<OperationCase>('operations');
  const tally = compareSchedules(cases);
  return findings(tallyRow('schedules', 'learning rates and momenta', tally, { tolerance: BOUNDS.schedules }));
}

async function updatesTask({ read, launcher }: ParitySource): Promise<ParityFindings> {
  const { cases } = read<RecordedTraining>('training');
  const wrong: string[] = [];
  const references: Tally[] = [];
  const engine = THREADS.map(() => [] as Tally[]);
  for (const recorded of cases) {
    const experiment = parseExperiment(recorded.experiment);
    references.push(runDifferences(recorded, replayReference(recorded, experiment), experiment.name));
    for (const [i, threads] of THREADS.entries()) {
      const run = await replay(recorded, { experiment, threads, launcher });
      engine[i]?.push(runDifferences(recorded, run, experiment.name));
      if (threads === 1) wrong.push(...startDifferences(recorded, run).map((x) => `${experiment.name}: ${x}`));
    }
  }
  const bound = { tolerance: BOUNDS.updates };
  return findings(
    unequalRow('ten updates', `start of ${cases.length} recipes, bit by bit`, startsOf(cases), wrong),
    tallyRow('ten updates', 'references in double precision', together(...references), bound),
    ...THREADS.map((threads, i) =>
      tallyRow(
        'ten updates',
        `engine, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
        together(...(engine[i] ?? [])),
        bound,
      ),
    ),
  );
}

const startsOf = (cases: readonly { readonly initial: object }[]): number =>
  cases.reduce((sum, { initial }) => sum + Object.keys(initial).length, 0);

/** Everything that is not a whole run: the same against committed numbers and against ones recorded just now. */
export const partTasks = (source: ParitySource): readonly ParityTask[] => [
  { title: 'draws', run: async () => drawTask(source) },
  { title: 'initialization', run: async () => initializationTask(source) },
  { title: 'operations', run: async () => operationTask(source) },
  { title: 'schedules', run: async () => scheduleTask(source) },
  { title: 'ten updates', run: () => updatesTask(source) },
];

/** Against the committed numbers. */
export const recordedTasks = (source: ParitySource): readonly ParityTask[] => [
  ...partTasks(source),
  ...exampleTasks(source),
];
