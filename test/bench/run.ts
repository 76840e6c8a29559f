// npm run bench [-- --json] [--rounds N] [--only NAME]: milliseconds per training step of the workloads, this engine beside PyTorch
// on the CPU with the same number of threads, taking turns in one run so that both meet the same machine. Training steps only.
import { parseArgs } from 'node:util';
import { nodeThreadLauncher } from '../../engine/process/node-threads.ts';
import { openSession } from '../../engine/train/create-session.ts';
import { peakMeter } from './peak.ts';
import { findPython, startPeer, type Peer } from './torch-peer.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

const THREADS = [1, 2] as const;
/** Threads of an engine that has just been timed may still spin; the next one starts when they sleep. */
const PAUSE_MS = 60;

interface Engine {
  readonly name: string;
  readonly workload: Workload;
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

interface Memory {
  readonly workload: string;
  readonly arenaBytes: number;
  /** What no packing of the same buffers can go below. */
  readonly lowerBoundBytes: number;
}

interface Report {
  readonly torch: string | null;
  readonly results: readonly Result[];
  readonly memory: readonly Memory[];
  /** Floating-point operations per second of one core. */
  readonly peak: number;
  /** A step without updates, its matrix products' operations over its time and the peak. */
  readonly products: readonly { readonly workload: string; readonly shareOfPeak: number }[];
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => {
  const list = sorted(values);
  const middle = Math.floor(list.length / 2);
  return list.length % 2 === 1 ? (list[middle] ?? NaN) : ((list[middle - 1] ?? NaN) + (list[middle] ?? NaN)) / 2;
};
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

const openWorkload = (workload: Workload, threads: number) =>
  openSession({
    experiment: workload.document(),
    variant: workload.variant,
    seed: 1,
    threads,
    launcher: nodeThreadLauncher(),
  });

async function ownEngine(workload: Workload, threads: number): Promise<Engine> {
  const session = await openWorkload(workload, threads);
  const train = (steps: number): void => {
    const { failure } = session.advance(steps);
    if (failure) throw new Error(`${workload.name} diverged at step ${failure.step}`);
  };
  train(Math.max(3, Math.ceil(workload.steps / 2)));
  return {
    name: `overfit-${threads}t`,
    workload,
    async time() {
      const start = performance.now();
      train(workload.steps);
      return (performance.now() - start) / workload.steps;
    },
    end: () => session.dispose(),
  };
}

const torchEngine = (peer: Peer, workload: Workload, threads: number): Engine => ({
  name: `torch-${threads}t`,
  workload,
  time: () => peer.time(workload.name, workload.steps),
  end: () => Promise.resolve(),
});

async function startPeers(): Promise<readonly Peer[]> {
  const python = findPython();
  if ('reason' in python) {
    console.error(`PyTorch: not run: ${python.reason}`);
    return [];
  }
  return Promise.all(THREADS.map((threads) => startPeer(python.command, threads)));
}

/** All engines of one workload in turns, so that each round meets one machine. */
async function measureWorkload(workload: Workload, peers: readonly Peer[], rounds: number): Promise<Result[]> {
  const engines = peers.map((peer, i) => torchEngine(peer, workload, THREADS[i] ?? 1));
  for (const threads of THREADS) engines.push(await ownEngine(workload, threads));
  const times = new Map<Engine, number[]>(engines.map((engine) => [engine, []]));
  for (let round = 0; round < rounds; round++)
    for (const [engine, list] of times) {
      await pause();
      list.push(await engine.time());
    }
  for (const engine of engines) await engine.end();
  return [...times].map(([{ name }, list]) => ({
    workload: workload.name,
    batch: workload.batch,
    engine: name,
    msPerStep: median(list),
  }));
}

async function memoryOf(workload: Workload): Promise<Memory> {
  const session = await openWorkload(workload, 1);
  const { bytes, pool } = session.plan;
  await session.dispose();
  return { workload: workload.name, arenaBytes: bytes, lowerBoundBytes: bytes - pool.bytes + pool.lowerBoundBytes };
}

/** The best of several steps without updates, each beside a measurement of the peak. */
async function productsOf(workload: Workload, peak: () => number, rounds: number): Promise<number> {
  const session = await openWorkload(workload, 1);
  session.advance(2);
  const shares: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const perSecond = peak();
    const ms = session.timeFrozenSteps(workload.steps);
    shares.push((2 * (workload.multiplyAdds ?? 0) * 1000) / ms / perSecond);
  }
  await session.dispose();
  return median(shares);
}

async function measure(workloads: readonly Workload[], rounds: number): Promise<Report> {
  const meter = await peakMeter();
  const peers = await startPeers();
  const results: Result[] = [];
  const memory: Memory[] = [];
  for (const workload of workloads) {
    results.push(...(await measureWorkload(workload, peers, rounds)));
    memory.push(await memoryOf(workload));
  }
  for (const peer of peers) peer.end();
  const products = [];
  for (const workload of workloads.filter((x) => x.multiplyAdds !== null))
    products.push({ workload: workload.name, shareOfPeak: await productsOf(workload, meter, rounds) });
  const peak = median(Array.from({ length: rounds }, meter));
  return { torch: peers[0]?.version ?? null, results, memory, peak, products };
}

const WIDTH = 24;

function printTable({ torch, results, memory, peak, products }: Report, rounds: number): void {
  console.log(`median of ${rounds} rounds in turns${torch === null ? '' : `; PyTorch ${torch}`}`);
  const names = [...new Set(results.map((x) => x.workload))];
  for (const name of names) {
    const of = (engine: string) => results.find((x) => x.workload === name && x.engine === engine)?.msPerStep;
    const batch = results.find((x) => x.workload === name)?.batch ?? 1;
    for (const threads of THREADS) {
      const [ours, theirs] = [of(`overfit-${threads}t`), of(`torch-${threads}t`)];
      if (ours === undefined) continue;
      const rate = `${Math.round((1000 * batch) / ours).toLocaleString('en')} examples/s`;
      const beside =
        theirs === undefined ? '' : `  PyTorch ${theirs.toFixed(3)} ms  ${(theirs / ours).toFixed(2)} × its speed`;
      console.log(
        `${name.padEnd(WIDTH)} ${threads} thread${threads > 1 ? 's' : ' '}  ${ours.toFixed(3)} ms/step  ${rate.padStart(18)}${beside}`,
      );
    }
    const [one, two] = [of('overfit-1t'), of('overfit-2t')];
    if (one !== undefined && two !== undefined)
      console.log(`${name.padEnd(WIDTH)} two threads ${(one / two).toFixed(2)} × one`);
  }
  console.log('\nmemory of the arena, data included, against what no packing can go below');
  for (const { workload, arenaBytes, lowerBoundBytes } of memory)
    console.log(
      `${workload.padEnd(WIDTH)} ${(arenaBytes / 2 ** 20).toFixed(2)} MiB  ${(arenaBytes / lowerBoundBytes).toFixed(3)} × the bound`,
    );
  console.log(`\none core multiplies and adds at ${(peak / 1e9).toFixed(1)} GFLOP/s in 128-bit vectors`);
  for (const { workload, shareOfPeak } of products)
    console.log(`${workload.padEnd(WIDTH)} ${(100 * shareOfPeak).toFixed(1)} % of it over a step without updates`);
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds must be a whole number from 1, but is ${values.rounds}`);
  process.exit(2);
}
const unknown = values.only.find((name) => !WORKLOADS.some((x) => x.name === name));
if (unknown !== undefined) {
  console.error(`--only must be one of ${WORKLOADS.map((x) => x.name).join(', ')}, but is ${unknown}`);
  process.exit(2);
}
const chosen = WORKLOADS.filter((x) => values.only.length === 0 || values.only.includes(x.name));
const report = await measure(chosen, rounds);
if (values.json) console.log(JSON.stringify(report));
else printTable(report, rounds);
