// Both charts in a page without pixels: what they say, what their buttons do, and that nothing stays behind.
import { Chart } from 'chart.js';
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FIT_GRID_POINTS, fitAxis } from '../../../engine/spec/index.ts';
import type { ChartTheme, FitChartProps, LossChartProps, LossSeries } from './chart-types.ts';
import FitChart from './FitChart.svelte';
import LossChart from './LossChart.svelte';

const theme: ChartTheme = {
  text: '#111',
  mutedText: '#666',
  grid: '#ddd',
  surface: '#fff',
  trainPoint: '#111',
  testPoint: '#c00',
  fontFamily: 'sans-serif',
  fontSizePx: 13,
};
const points = {
  train: { x: Float32Array.of(-1, 1), y: Float32Array.of(-1, 1) },
  validation: null,
  test: { x: Float32Array.of(-1, 0, 1), y: Float32Array.of(-1, 0, 1) },
};
const fitProps: FitChartProps = {
  points,
  axis: fitAxis(-1, 1, FIT_GRID_POINTS),
  curves: [
    { id: 'a', label: 'overfitting', colour: 'red', dash: [], y: new Float32Array(FIT_GRID_POINTS), emphasised: false },
    {
      id: 'b',
      label: 'dropout',
      colour: 'blue',
      dash: [4],
      y: new Float32Array(FIT_GRID_POINTS).fill(0.5),
      emphasised: true,
    },
  ],
  version: 0,
  labels: {
    xAxis: 'x',
    yAxis: 'y',
    trainPoints: 'train points',
    validationPoints: 'validation points',
    testPoints: 'test points',
    empty: 'no points',
    legend: 'curves',
    describe: (f) =>
      `${f.trainCount} train, ${f.validationCount} validation, ${f.testCount} test: ${f.curves.join(' and ')}`,
    table: { caption: 'fits', curve: 'curve', at: (x) => `at ${x}` },
  },
  theme,
};
const series = (run: string, kind: LossSeries['kind'], values: number[]): LossSeries => ({
  id: `${run}/${kind}`,
  run,
  label: run,
  colour: 'red',
  dash: [],
  kind,
  steps: Int32Array.from(values, (_, i) => i),
  values: Float64Array.from(values),
  length: values.length,
  emphasised: false,
});
const lossProps: LossChartProps = {
  series: [series('one', 'train', [1, 0.5, 0]), series('one', 'test', [1, 0.75]), series('two', 'test', [1, 0.25])],
  version: 0,
  logY: true,
  labels: {
    stepAxis: 'step',
    lossAxis: 'loss',
    kinds: {
      train: 'every step',
      'train-eval': 'train',
      validation: 'validation',
      test: 'test',
      data: 'data loss',
      l1: 'L1',
      l2: 'L2',
      value: 'value',
    },
    empty: 'nothing yet',
    runLegend: 'runs',
    kindLegend: 'losses',
    belowFloor: 'below the axis',
    notFinite: 'not finite',
    zoomIn: 'in',
    zoomOut: 'out',
    resetZoom: 'all',
    keyboardHelp: 'keys',
    describe: (f) => f.series.map((s) => `${s.label} ${s.kind} ${s.value}`).join(', '),
    table: {
      caption: 'last losses',
      run: 'run',
      kind: 'loss',
      step: 'step',
      loss: 'value',
      marks: 'marks',
      mark: 'mark',
    },
  },
  theme,
};

/** A 2D context that accepts everything and draws nothing. */
const silentContext = (canvas: HTMLCanvasElement): CanvasRenderingContext2D =>
  new Proxy({} as CanvasRenderingContext2D, {
    get: (target, key) => {
      if (key === 'canvas') return canvas;
      if (key === 'measureText') return () => ({ width: 10 });
      return Reflect.get(target, key) ?? (() => undefined);
    },
  });

const contexts = new WeakMap<HTMLCanvasElement, CanvasRenderingContext2D>();
interface DrawsIn2d {
  getContext(this: HTMLCanvasElement): CanvasRenderingContext2D;
}
function contextOf(this: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = contexts.get(this) ?? silentContext(this);
  contexts.set(this, context);
  return context;
}
const observers = new Set<object>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame', 'setTimeout', 'clearTimeout'] });
  vi.spyOn(HTMLCanvasElement.prototype as unknown as DrawsIn2d, 'getContext').mockImplementation(contextOf);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {
        observers.add(this);
      }
      unobserve(): void {
        observers.delete(this);
      }
      disconnect(): void {
        observers.delete(this);
      }
    },
  );
  vi.stubGlobal(
    'Path2D',
    class {
      arc(): void {}
      moveTo(): void {}
      rect(): void {}
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const charts = (): unknown[] => Object.values(Chart.instances);
const picture = (): HTMLCanvasElement => document.querySelector('canvas') as HTMLCanvasElement;
const button = (name: string): HTMLButtonElement => {
  const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === name);
  if (!found) throw new Error(`no button "${name}"`);
  return found;
};
const rows = (): string[] =>
  [...document.querySelectorAll('.visually-hidden tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent).join('|'),
  );
const settle = (): void => {
  flushSync();
  vi.advanceTimersByTime(1100);
  flushSync();
};

describe('FitChart', () => {
  it('says what it shows, as a sentence and as a table', () => {
    const chart = mount(FitChart, { target: document.body, props: fitProps });
    settle();
    expect(picture().getAttribute('role')).toBe('img');
    expect(picture().getAttribute('aria-label')).toBe('2 train, 0 validation, 3 test: overfitting and dropout');
    expect(rows()).toEqual(['overfitting|0|0|0', 'dropout|0.500|0.500|0.500']);
    void unmount(chart);
  });

  it('takes a curve away by its legend button', () => {
    const chart = mount(FitChart, { target: document.body, props: fitProps });
    settle();
    button('dropout').click();
    settle();
    expect(button('dropout').getAttribute('aria-pressed')).toBe('false');
    expect(picture().getAttribute('aria-label')).toBe('2 train, 0 validation, 3 test: overfitting');
    void unmount(chart);
  });

  it('has a mark in its legend for each split that has points, and for no other', () => {
    const untested = { train: points.train, validation: points.test, test: null };
    const chart = mount(FitChart, {
      target: document.body,
      props: { ...fitProps, points: untested, listCurves: false },
    });
    settle();
    const marks = [...document.querySelectorAll('[role=group] button')].map((x) => x.textContent?.trim());
    expect(marks).toEqual(['train points', 'validation points']);
    expect(picture().getAttribute('aria-label')).toMatch(/^2 train, 3 validation, 0 test: /);
    void unmount(chart);
  });

  it('says when there is nothing', () => {
    const chart = mount(FitChart, { target: document.body, props: { ...fitProps, points: null, curves: [] } });
    settle();
    expect(picture().getAttribute('aria-label')).toBe('no points');
    expect(document.querySelector('.empty')?.textContent).toBe('no points');
    void unmount(chart);
  });
});

describe('LossChart', () => {
  it('says the last value of every shown series', () => {
    const chart = mount(LossChart, { target: document.body, props: lossProps });
    settle();
    expect(picture().getAttribute('aria-label')).toBe('one train 0, one test 0.750, two test 0.250');
    expect(rows()).toEqual(['one|every step|2|0', 'one|test|1|0.750', 'two|test|1|0.250']);
    void unmount(chart);
  });

  it('hides a run, or one kind of loss of all runs', () => {
    const chart = mount(LossChart, { target: document.body, props: lossProps });
    settle();
    button('two').click();
    button('every step').click();
    settle();
    expect(picture().getAttribute('aria-label')).toBe('one test 0.750');
    void unmount(chart);
  });

  it('draws once per frame, however often the version is raised', () => {
    const props = $state({ ...lossProps });
    const chart = mount(LossChart, { target: document.body, props });
    settle();
    const update = vi.spyOn(Chart.prototype, 'update');
    for (let i = 1; i <= 20; i++) {
      props.version = i;
      flushSync();
    }
    vi.advanceTimersToNextFrame();
    expect(update).toHaveBeenCalledTimes(1);
    void unmount(chart);
  });

  it('shows growth of arrays that are filled in place', () => {
    const growing = { ...series('one', 'test', [1, 0.5, 0.25]), length: 1 };
    const props = $state({ ...lossProps, series: [growing] as LossSeries[] });
    const chart = mount(LossChart, { target: document.body, props });
    settle();
    expect(rows()).toEqual(['one|test|0|1.00']);
    props.series = [{ ...growing, length: 3 }];
    props.version = 1;
    settle();
    expect(rows()).toEqual(['one|test|2|0.250']);
    void unmount(chart);
  });

  it('marks a line of one point with a dot, until it is longer', () => {
    const lines = [1, 2].map((k) => ({ ...series(`run ${k}`, 'test', [k, 0.5, 0.25]), length: 1 }));
    const props = $state({ ...lossProps, series: lines as LossSeries[] });
    const chart = mount(LossChart, { target: document.body, props });
    settle();
    const radii = () =>
      lines.map((_, i) => (charts()[0] as Chart).getDatasetMeta(i).data.map((x) => x.options['radius'] as number));
    expect(radii()).toEqual([[3], [3]]);
    props.series = lines.map((x, i) => ({ ...x, length: i === 0 ? 3 : 1 }));
    props.version = 1;
    settle();
    expect(radii()).toEqual([[0, 0, 0], [3]]);
    props.series = lines.map((x) => ({ ...x, length: 3 }));
    props.version = 2;
    settle();
    expect(radii()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    void unmount(chart);
  });

  it('says when there is nothing', () => {
    const chart = mount(LossChart, { target: document.body, props: { ...lossProps, series: [] } });
    settle();
    expect(picture().getAttribute('aria-label')).toBe('nothing yet');
    void unmount(chart);
  });
});

describe('the end', () => {
  it('leaves no chart, observer, frame or timer behind', () => {
    for (let i = 0; i < 3; i++) {
      const mounted = [
        mount(FitChart, { target: document.body, props: fitProps }),
        mount(LossChart, { target: document.body, props: lossProps }),
      ];
      settle();
      expect(charts()).toHaveLength(2);
      for (const chart of mounted) void unmount(chart);
      flushSync();
    }
    expect(charts()).toEqual([]);
    expect(observers.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
