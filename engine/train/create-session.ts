// Puts a session together: the document, its data and first values, a machine of the right size, a state to begin with.
import { digestOf, previewOf, sizesOf } from '../data/index.ts';
import { EngineError, isDescribed, planTraining, type PlanOptions, type TrainingPlan } from '../plan/index.ts';
import { resolveVariant } from '../spec/index.ts';
import { decodeCheckpoint, runDigest, type TrainingState } from './checkpoint.ts';
import { CpuSession } from './cpu-session.ts';
import { drawStart, type Start } from './initialize.ts';
import { checkThreads, Machine, type MachineOptions } from './machine.ts';
import type { NamedArrays, SessionOptions, TrainingSession } from './session.ts';
import { stateBuffers } from './state.ts';
import { writeData } from './write-data.ts';

/** What only tests ask for. */
export interface SessionInternals extends PlanOptions, Pick<MachineOptions, 'simd'> {}

/** The state before the first update. @throws EngineError BAD_OPTION when given weights do not fit. */
function startState(
  plan: TrainingPlan,
  { parameters, generator }: Start,
  run: string,
  weights: NamedArrays | undefined,
): TrainingState {
  const { optimizer } = plan.resolved.recipe;
  const initialSum = optimizer.type === 'Adagrad' ? optimizer.initial_accumulator_value : 0;
  const arrays = new Map<string, Float32Array>();
  for (const { array, buffer } of stateBuffers(plan)) {
    const values = (weights ?? parameters).get(buffer.name)?.values ?? parameters.get(buffer.name)?.values;
    const initial = plan.shapes.flatMap((x) => x.state.map((s) => [`${x.name}.${s.name}`, s.initial] as const));
    const fill = new Map<string, number>(initial).get(buffer.name) ?? (buffer === array.value ? 0 : initialSum);
    if (values && values.length !== array.rows * array.columns)
      throw new EngineError(
        'BAD_OPTION',
        `weights: ${buffer.name} has ${values.length} values, but the model needs ${array.rows * array.columns}`,
        {
          option: 'weights',
        },
      );
    arrays.set(buffer.name, values ?? new Float32Array(array.rows * array.columns).fill(fill));
  }
  return {
    run,
    step: 0,
    evaluated: -1,
    powers: [1, 1],
    generator: generator.getState(),
    order: null,
    progress: null,
    events: [],
    arrays,
  };
}

/** `createSession` with the plan and memory in reach of tests. */
export async function openSession(options: SessionOptions, internals: SessionInternals = {}): Promise<CpuSession> {
  checkThreads(options);
  const { experiment, seed, threads, resume, events = [], weights, files } = options;
  const resolved = resolveVariant(experiment, options.variant);
  const run = runDigest(resolved, experiment.initialization, seed);
  const state = resume ? decodeCheckpoint(resume.bytes, run) : null;
  // What cannot be is said before anything is read or drawn, where the document tells how much there is.
  if (isDescribed(resolved)) planTraining(resolved, { ...internals, threads });
  const drawn = await drawStart(experiment, resolved, seed, files);
  const plan = planTraining(resolved, { ...internals, threads }, sizesOf(drawn.data));
  const start = startState(plan, drawn, run, weights);
  const machine = await Machine.start(plan.bytes, {
    threads,
    ...(options.launcher && { launcher: options.launcher }),
    ...internals,
  });
  try {
    machine.load(plan);
    writeData(plan, machine.memory, drawn.data);
    return new CpuSession(
      {
        resolved,
        data: drawn.data,
        preview: previewOf(drawn.data),
        digest: await digestOf(drawn.data),
        machine,
        plan,
        run,
        start,
        events,
        planOptions: internals,
      },
      state ?? start,
    );
  } catch (error) {
    await machine.dispose();
    throw error;
  }
}

/**
 * Compiles one variant into a training program and gets it ready to run.
 * @throws DocumentError when the variant does not exist or its shapes do not fit.
 * @throws EngineError OUT_OF_MEMORY, BATCH_TOO_LARGE, BATCH_TOO_SMALL, BAD_CHECKPOINT (foreign, damaged, cut off), BAD_OPTION.
 */
export const createSession = (options: SessionOptions): Promise<TrainingSession> => openSession(options);
