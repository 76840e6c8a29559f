// The recorded runs of the bundled examples, trained again from their seeds: whole where that takes seconds, else their beginning.
import { parseExperiment, type ExperimentSpec } from '../spec/index.ts';
import { penaltyDifferences, pictureDifferences, sampleDifferences } from './beginning-differences.ts';
import type { Tally } from './difference.ts';
import type { RecordedBeginning, RecordedExample } from './recorded-run.ts';
import { replay, startDifferences, withInitialization } from './replay-runs.ts';
import { tallyRow, together, unequalRow, type ParityFindings, type ParityRow } from './rows.ts';
import { curveDifferences, parameterDifferences } from './run-differences.ts';
import { BOUNDS, CURVE_STEPS, THREADS, type ParitySource, type ParityTask } from './source.ts';

/** Fixtures of whole runs, in the form of `RecordedExample`. */
export const WHOLE_RUNS = [
  { fixture: 'regression', example: 'regression' },
  { fixture: 'regression-same', example: 'regression' },
  { fixture: 'numpy-dropout', example: 'numpy-dropout' },
] as const;

/** Of a whole run: its start, the first updates and the end, on every number of threads. */
async function runRows(
  title: string,
  recorded: RecordedExample,
  experiment: ExperimentSpec,
  { launcher }: ParitySource,
): Promise<readonly ParityRow[]> {
  const wrong: string[] = [];
  const [curve, end, parameters]: [Tally[], Tally[], Tally[]] = [[], [], []];
  let equal = recorded.train_loss.length;
  for (const threads of THREADS) {
    const run = await replay(recorded, { experiment, threads, launcher });
    wrong.push(...startDifferences(recorded, run));
    const { trainLoss, evaluations, final, equalSteps } = curveDifferences(recorded, run, CURVE_STEPS);
    curve.push(trainLoss, evaluations);
    end.push(final);
    parameters.push(parameterDifferences(recorded, run));
    equal = Math.min(equal, equalSteps);
  }
  const started = THREADS.length * Object.keys(recorded.initial).length;
  const note = `the first ${equal} of ${recorded.train_loss.length} recorded losses are equal in every bit`;
  const kept = together(...parameters);
  return [
    unequalRow('examples', `${title}: data and first values`, started, wrong),
    tallyRow('examples', `${title}: ${CURVE_STEPS} updates`, together(...curve), { tolerance: BOUNDS.curve, note }),
    tallyRow('examples', `${title}: end`, together(...end), { tolerance: BOUNDS.end }),
    ...(kept.comparisons > 0
      ? [tallyRow('examples', `${title}: parameters`, kept, { tolerance: BOUNDS.updates })]
      : []),
  ];
}

async function wholeRuns(source: ParitySource, run: (typeof WHOLE_RUNS)[number]): Promise<ParityFindings> {
  const rows: ParityRow[] = [];
  for (const recorded of source.read<RecordedExample>(run.fixture).cases) {
    const experiment = withInitialization(source.example(run.example), recorded.initialization);
    rows.push(...(await runRows(`${run.fixture}, ${recorded.variant}`, recorded, experiment, source)));
  }
  return { rows, remarks: [] };
}

/** Updates of the example on pictures that are taken again. */
const BEGINNING = 1000;
/** Parameters are held after so many: later, a tie in a window of a MaxPool2d may go either way (test/golden/DECISIONS.md). */
const BEFORE_TIES = 50;

async function beginnings(source: ParitySource): Promise<ParityFindings> {
  const rows: ParityRow[] = [];
  const experiment = parseExperiment(source.example('cnn'));
  for (const [i, recorded] of source.read<RecordedBeginning>('cnn').cases.entries()) {
    const title = `cnn, ${recorded.variant}`;
    const run = await replay(recorded, { experiment, threads: 1, until: BEGINNING });
    // Every variant sees the same pictures.
    const pictures = i === 0 ? await pictureDifferences(recorded, experiment) : [];
    const wrong = [...pictures, ...startDifferences(recorded, run)];
    const { trainLoss, evaluations } = curveDifferences(recorded, run, CURVE_STEPS);
    const scores = curveDifferences(recorded, run, BEGINNING).evaluations;
    const penalties = penaltyDifferences(recorded, run, CURVE_STEPS);
    const { values } = sampleDifferences(recorded, run, BEFORE_TIES);
    rows.push(
      unequalRow('examples', `${title}: pictures and first values`, Object.keys(recorded.initial).length, wrong),
      tallyRow('examples', `${title}: ${CURVE_STEPS} updates`, together(trainLoss, evaluations, penalties), {
        tolerance: BOUNDS.curve,
      }),
      tallyRow('examples', `${title}: parameters after ${BEFORE_TIES} updates`, values, { tolerance: BOUNDS.updates }),
      tallyRow('examples', `${title}: scores after ${BEGINNING} updates`, scores, { tolerance: BOUNDS.curve }),
    );
  }
  return { rows, remarks: [] };
}

/** Against the committed numbers. */
export const exampleTasks = (source: ParitySource): readonly ParityTask[] => [
  ...WHOLE_RUNS.map((run) => ({ title: run.fixture, run: () => wholeRuns(source, run) })),
  { title: 'cnn', run: () => beginnings(source) },
];
