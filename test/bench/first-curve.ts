// How the window feels while the example's variants train at full speed: time from pressing Run to the first curve on the screen,
// and the longest task on the page's main thread. Prints JSON; needs the build and a Chromium.
// Usage: node test/bench/first-curve.ts [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserHost } from '../e2e/browser-launcher.ts';
import { LabPage } from '../e2e/lab-page.ts';

interface Round {
  readonly firstCurveMs: number;
  readonly longestTaskMs: number;
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

async function round(): Promise<Round> {
  const home = mkdtempSync(join(tmpdir(), 'overfit-first-curve-'));
  const app = await browserHost.launch({ home });
  try {
    const lab = new LabPage(app.page);
    await lab.status.getByText('Engine ready').waitFor();
    await lab.speed('full');
    await app.page.evaluate(watch);
    await lab.bar('run').click();
    await lab.progress('overfitting').waitFor();
    await lab.finished();
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
      tasksOver50Ms: seen.tasks.length,
      framesPerSecond: Math.round((seen.frames / durationMs) * 1000),
      durationMs: Math.round(durationMs),
    };
  } finally {
    await app.quit();
    rmSync(home, { recursive: true, force: true });
  }
}

const rounds: Round[] = [];
for (let i = 0; i < Number(process.argv[2] ?? 3); i++) rounds.push(await round());
const median = (pick: (x: Round) => number): number => rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
process.stdout.write(
  `${JSON.stringify({
    firstCurveMs: median((x) => x.firstCurveMs),
    longestTaskMs: median((x) => x.longestTaskMs),
    framesPerSecond: median((x) => x.framesPerSecond),
    rounds,
  })}\n`,
);
