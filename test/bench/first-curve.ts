// How the window feels while the example's variants train at full speed: time from pressing Run to the first curve on the screen,
// and the longest task on the page's main thread, by the clock and by the time the thread itself computed (the rest it waited for a
// core). Prints JSON; needs the build and a Chromium.
// The browser is started in a session of its own; to see the engine yield to it, Linux must not divide cores between sessions
// (`sched_autogroup_enabled` 0), see engine/process/DECISIONS.md.
// Usage: node test/bench/first-curve.ts [rounds] [variants]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { browserHost } from '../e2e/browser-launcher.ts';
import { LabPage, VARIANTS } from '../e2e/lab-page.ts';

interface Round {
  readonly firstCurveMs: number;
  readonly longestTaskMs: number;
  /** Time that the main thread itself computed in the task that computed longest. */
  readonly longestTaskCpuMs: number;
  readonly tasksOver50Ms: number;
  /** Frames drawn per second from the press to the end of the runs. */
  readonly framesPerSecond: number;
  readonly durationMs: number;
}

/** Runs in the page. Long tasks are those over 50 ms; shorter ones are told as the longest time between two frames. */
function watch(): void {
  const state = { pressed: 0, firstCurve: 0, tasks: [] as number[], frames: 0 };
  Object.assign(globalThis, { firstCurveState: state });
  addEventListener('click', (event) => (state.pressed ||= event.timeStamp), { capture: true, once: true });
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries())
      if (state.pressed > 0 && startTime >= state.pressed) state.tasks.push(duration);
  }).observe({ type: 'longtask' });
  const frame = (): void => {
    if (state.pressed > 0) state.frames += 1;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  // The figure beside a variant's name comes with the record that its curve is drawn from; descriptions come later.
  const isThere = () =>
    document.querySelector('[role=group][aria-label="Variants to run"]')?.textContent?.includes('Test loss') ?? false;
  const observer = new MutationObserver(() => {
    if (state.firstCurve > 0 || !isThere()) return;
    // The chart is drawn in the next frame; the task after it begins when that frame is through.
    requestAnimationFrame(() => setTimeout(() => (state.firstCurve ||= performance.now()), 0));
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Records the page's tasks; the answer ends it and gives the longest own time of one on its main thread, in ms. */
async function traceTasks(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    const place = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
    const isMain = (event: TraceEvent): boolean =>
      event.name === 'thread_name' && event.args?.name === 'CrRendererMain';
    const mains = new Set(events.filter(isMain).map(place));
    const own = events
      .filter((event) => event.ph === 'X' && mains.has(place(event)))
      .map(({ tdur = 0 }) => tdur / 1000);
    if (own.length === 0) throw new Error('the trace holds no task of the page');
    return Math.round(own.reduce((longest, each) => Math.max(longest, each), 0) * 10) / 10;
  };
}

async function round(): Promise<Round> {
  const home = mkdtempSync(join(tmpdir(), 'overfit-first-curve-'));
  const app = await browserHost.launch({ home });
  try {
    const lab = new LabPage(app.page);
    await lab.status.getByText('Engine ready').waitFor();
    await lab.choose(...variants);
    await lab.speed('full');
    await app.page.evaluate(watch);
    const stopTrace = await traceTasks(app.page);
    await lab.bar('run').click();
    await lab.progress('overfitting').waitFor();
    await lab.finished();
    const longestTaskCpuMs = await stopTrace();
    const seen = await app.page.evaluate(() => {
      const { firstCurveState } = globalThis as unknown as {
        firstCurveState: { pressed: number; firstCurve: number; tasks: number[]; frames: number };
      };
      return { ...firstCurveState, now: performance.now() };
    });
    const durationMs = seen.now - seen.pressed;
    return {
      firstCurveMs: Math.round(seen.firstCurve - seen.pressed),
      longestTaskMs: Math.max(0, ...seen.tasks),
      longestTaskCpuMs,
      tasksOver50Ms: seen.tasks.length,
      framesPerSecond: Math.round((seen.frames / durationMs) * 1000),
      durationMs: Math.round(durationMs),
    };
  } finally {
    await app.quit();
    rmSync(home, { recursive: true, force: true });
  }
}

const [count = '3', many = '5'] = process.argv.slice(2);
const variants = VARIANTS.slice(0, Number(many));
const rounds: Round[] = [];
for (let i = 0; i < Number(count); i++) rounds.push(await round());
const median = (pick: (x: Round) => number): number => rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
process.stdout.write(
  `${JSON.stringify({
    variants,
    firstCurveMs: median((x) => x.firstCurveMs),
    longestTaskMs: median((x) => x.longestTaskMs),
    longestTaskCpuMs: median((x) => x.longestTaskCpuMs),
    framesPerSecond: median((x) => x.framesPerSecond),
    rounds,
  })}\n`,
);
