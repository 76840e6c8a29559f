// npm run bench [-- --json] [--rounds N]: milliseconds per training step of the bundled regression example, this engine
// beside PyTorch on the CPU, taking turns in one run so that both meet the same machine. Training steps only: no evaluations.
import { parseArgs } from 'node:util';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { createSession } from '../../engine/train/index.ts';
import { findPython, startPeer, type Peer } from './torch-peer.ts';

const STEPS = 200;
const WARM_UP = 200;
const WORKLOADS = [
  { name: 'regression-overfitting', variant: 'overfitting' },
  { name: 'regression-dropout', variant: 'dropout' },
] as const;
const THREADS = [1, 2] as const;

interface Engine {
  readonly name: string;
  readonly workload: string;
  /** Trains on. @returns milliseconds per step. */
  time(): Promise<number>;
  end(): Promise<void>;
}
interface Result {
  readonly workload: string;
  readonly batch: number;
  readonly engine: string;
  readonly msPerStep: number;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};

async function ownEngine(workload: (typeof WORKLOADS)[number], threads: number): Promise<Engine> {
  const never = 10_000_000;
  const recipe = { ...regression.recipe, steps: never, evaluate_every: never, checkpoint_every: never };
  const experiment = parseExperiment({ ...regression, recipe });
  const session = await createSession({
    experiment,
    variant: workload.variant,
    seed: experiment.seed,
    threads,
    launcher: nodeThreadLauncher(),
  });
  session.advance(WARM_UP);
  return {
    name: `overfit-${threads}t`,
    workload: workload.name,
    async time() {
      const start = performance.now();
      const { failure } = session.advance(STEPS);
      const elapsed = performance.now() - start;
      if (failure) throw new Error(`${workload.name} diverged at step ${failure.step}`);
      return elapsed / STEPS;
    },
    end: () => session.dispose(),
  };
}

async function torchEngines(): Promise<{ readonly engines: Engine[]; readonly peers: Peer[] }> {
  const python = findPython();
  if ('reason' in python) {
    console.error(`PyTorch: not run: ${python.reason}`);
    return { engines: [], peers: [] };
  }
  const peers: Peer[] = [];
  const engines: Engine[] = [];
  for (const threads of THREADS) {
    const peer = await startPeer(python.command, threads);
    peers.push(peer);
    for (const { name } of WORKLOADS)
      engines.push({
        name: `torch-${threads}t`,
        workload: name,
        time: () => peer.time(name, STEPS),
        end: () => Promise.resolve(),
      });
  }
  return { engines, peers };
}

async function measure(rounds: number): Promise<{ readonly results: Result[]; readonly torch: string | null }> {
  const { engines: torch, peers } = await torchEngines();
  const engines = [...torch];
  for (const workload of WORKLOADS) for (const threads of THREADS) engines.push(await ownEngine(workload, threads));
  engines.sort((a, b) => a.workload.localeCompare(b.workload) || a.name.localeCompare(b.name));
  const times = new Map<Engine, number[]>(engines.map((engine) => [engine, []]));
  for (let round = 0; round < rounds; round++) for (const [engine, list] of times) list.push(await engine.time());
  for (const engine of engines) await engine.end();
  for (const peer of peers) peer.end();
  const results = [...times].map(([{ name, workload }, list]) => ({
    workload,
    batch: regression.data.points,
    engine: name,
    msPerStep: median(list),
  }));
  return { results, torch: peers[0]?.version ?? null };
}

function printTable(results: readonly Result[], torch: string | null, rounds: number): void {
  console.log(
    `milliseconds per training step, median of ${rounds} rounds of ${STEPS} steps${torch === null ? '' : `; PyTorch ${torch}`}`,
  );
  for (const { workload, batch, engine, msPerStep } of results)
    console.log(`${workload.padEnd(24)} batch ${batch}  ${engine.padEnd(12)} ${msPerStep.toFixed(3)} ms`);
  for (const { name } of WORKLOADS) {
    const of = (engine: string) => results.find((x) => x.workload === name && x.engine === engine)?.msPerStep;
    for (const threads of THREADS) {
      const [ours, theirs] = [of(`overfit-${threads}t`), of(`torch-${threads}t`)];
      if (ours !== undefined && theirs !== undefined)
        console.log(
          `${name.padEnd(24)} ${threads} thread${threads > 1 ? 's' : ' '}  ${(theirs / ours).toFixed(2)} × PyTorch's speed`,
        );
    }
  }
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '9' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds must be a whole number from 1, but is ${values.rounds}`);
  process.exit(2);
}
const { results, torch } = await measure(rounds);
if (values.json) console.log(JSON.stringify({ results }));
else printTable(results, torch, rounds);
