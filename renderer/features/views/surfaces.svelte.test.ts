// Surfaces of two features over the fake lab: one per run, read by pointer and by keys, alone or together; and fits of tables.
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeLab, type FakeScenario } from '../../host/fake.ts';
import { fakeDataset } from '../../host/fake-datasets.ts';
import { PLANE_EXPERIMENTS } from '../../host/fake-planes.ts';
import type { Words } from '../../state/context.ts';
import { Lab } from '../../state/lab.svelte.ts';
import { createTestEnvironment } from '../../state/test-environment.ts';
import { plotBox, valuesAtPixel } from '../charts/surface-paint.ts';
import type { ChartTheme } from '../charts/chart-types.ts';
import type { CurveContext } from '../runs/curves.ts';
import TestHost from '../TestHost.svelte';
import { columnWords } from './column-words.ts';
import FitView from './FitView.svelte';
import SurfaceView from './SurfaceView.svelte';

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

let ended: (() => Promise<void>) | null = null;
beforeEach(() => {
  // Nothing is drawn here: the page has no pixels, and no sizes.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {
        return undefined;
      }
      unobserve(): void {
        return undefined;
      }
      disconnect(): void {
        return undefined;
      }
    },
  );
});
afterEach(async () => {
  await ended?.();
  ended = null;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function show(part: unknown, scenario: FakeScenario, source: unknown, language = 'en') {
  const lab = new Lab(createFakeLab(scenario, source), createTestEnvironment([language]));
  await lab.open();
  if (lab.editor) await lab.refreshPreview(lab.editor.id, lab.editor.stored);
  await vi.waitFor(() => {
    expect(lab.runs.shown.every((x) => x.series.data)).toBe(true);
  });
  const context: CurveContext = { theme: 'light', label: (run) => run.variant, emphasised: () => true };
  const props = { lab, part: part as Component<Record<string, unknown>>, given: { context, theme } };
  const mounted = mount(TestHost, { target: document.body, props });
  ended = () => unmount(mounted);
  flushSync();
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const texts = (selector: string) => all(selector).map((x) => (x.textContent ?? '').replace(/\s+/g, ' ').trim());
  const button = (name: string): HTMLElement => {
    const found = all('button').find((x) => (x.getAttribute('aria-label') ?? x.textContent ?? '').trim() === name);
    if (!found) throw new Error(`no button "${name}"`);
    return found;
  };
  const press = (key: string): void => {
    all('canvas[tabindex="0"]')[0]?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    flushSync();
  };
  return { lab, all, texts, button, press };
}

const VARIANTS = ['overfitting', 'dropout', 'L1', 'L2', 'combined'];

describe('surfaces', () => {
  it('stand side by side, one per shown run, each with its score', async () => {
    const { lab, all, texts } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    expect(texts('button.name')).toEqual(VARIANTS);
    expect(texts('.said')[0]).toBe('Test accuracy 83.0%');
    expect(all('canvas').map((x) => x.getAttribute('aria-label'))[1]).toBe(
      'dropout at step 500: Test accuracy 89.6%. 70 train points, 20 validation points, 40 test points.',
    );
    expect(texts('ul li')).toEqual(['0', '1']);
    const [first] = lab.runs.shown;
    if (first) lab.runs.show(first, false);
    flushSync();
    expect(texts('button.name')).toEqual(VARIANTS.slice(1));
  });

  it('show the points before anything has been learned', async () => {
    const { all } = await show(SurfaceView, 'empty', PLANE_EXPERIMENTS['hills'], 'zh-CN');
    expect(all('canvas').map((x) => x.getAttribute('aria-label'))).toEqual([
      '尚未学习。 70 个训练点，20 个验证点，40 个测试点。',
    ]);
    expect(all('table')).toHaveLength(0);
  });

  it('are read by keys, all at one place, and said aloud', async () => {
    const { all, texts, press } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    expect(all('canvas[tabindex="0"]')).toHaveLength(1);
    press('ArrowRight');
    const [middle] = texts('[aria-live]');
    expect(middle).toMatch(/^x₁ = [\d.−]+, x₂ = [\d.−]+: overfitting [01] \([\d.]+%\); dropout [01] /);
    expect(texts('.said').every((x) => /^[01] \([\d.]+%\)$/.test(x))).toBe(true);
    press('ArrowUp');
    expect(texts('[aria-live]')[0]).not.toBe(middle);
    press('Escape');
    expect(texts('[aria-live]')).toEqual(['']);
    expect(texts('.said')[0]).toMatch(/accuracy/);
  });

  it('answer in numbers where numbers are learned, on one scale', async () => {
    const { texts, press } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['hills']);
    expect(texts('p').some((x) => /^Answer −1\.\d+ 1\.\d+$/.test(x))).toBe(true);
    press('ArrowDown');
    expect(texts('.said').every((x) => /^−?\d/.test(x))).toBe(true);
  });

  it('call the axes and the answer as the columns are called, others by their place', async () => {
    const hills = PLANE_EXPERIMENTS['hills'] as { readonly data: object };
    const source = { ...hills, data: { ...hills.data, names: ['width', '', 'price'] } };
    const { all, texts, press } = await show(SurfaceView, 'finished', source);
    expect(texts('p').some((x) => /^price −1\.\d+ 1\.\d+$/.test(x))).toBe(true);
    press('ArrowRight');
    expect(texts('[aria-live]')[0]).toMatch(/^width = [\d.−]+, x₂ = /);
    expect(all('table')[0]?.querySelector('thead th')?.textContent).toMatch(/^width = −/);
  });

  it('tell their answers in a table', async () => {
    const { all, texts } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    expect(texts('caption')).toEqual(VARIANTS.map((x) => `Answers of ${x} over the plane`));
    const [table] = all('table');
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(5);
    expect(table?.querySelector('thead th')?.textContent).toMatch(/^x₁ = −/);
    expect(table?.querySelector('td:nth-child(2)')?.textContent).toBeTruthy();
  });

  it('are shown alone, and together again', async () => {
    const { lab, all, texts, button } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    button('L2').click();
    flushSync();
    expect(texts('.name')).toEqual(['L2']);
    button('Show all runs').click();
    flushSync();
    expect(all('canvas')).toHaveLength(5);
    lab.select(lab.runs.shown[1] ?? null);
    flushSync();
    expect(texts('.name')).toEqual(['dropout']);
    button('Show all runs').click();
    flushSync();
    expect(lab.selected).toBeNull();
    expect(all('canvas')).toHaveLength(5);
  });

  it('go back to an earlier step', async () => {
    const { lab, texts, all } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    const cells = () => texts('tbody')[0];
    const latest = cells();
    lab.views.atStep = 0;
    await vi.waitFor(
      () => {
        flushSync();
        expect(all('canvas')[0]?.getAttribute('aria-label')).toMatch(/at step 0:/);
      },
      { timeout: 5000 },
    );
    expect(cells()).not.toBe(latest);
  });

  it('hide the points of a split', async () => {
    const { button } = await show(SurfaceView, 'finished', PLANE_EXPERIMENTS['moons']);
    button('test points').click();
    flushSync();
    expect(button('test points').getAttribute('aria-pressed')).toBe('false');
  });

  it('are told apart from a place beside the plot', () => {
    const box = plotBox({ width: 400, height: 300, pixelRatio: 2 }, theme);
    const axes = [
      { low: -1, high: 1, points: 41 },
      { low: 0, high: 10, points: 41 },
    ] as const;
    expect(valuesAtPixel(box, axes, box.left, box.bottom)).toEqual([-1, 0]);
    expect(valuesAtPixel(box, axes, box.right, box.top)).toEqual([1, 10]);
    expect(valuesAtPixel(box, axes, box.left - 1, box.top)).toBeNull();
    expect(valuesAtPixel(box, axes, box.left, box.bottom + 1)).toBeNull();
    expect(plotBox({ width: 100, height: 300, pixelRatio: 1 }, theme).left).toBeLessThan(box.left);
  });
});

/** A 2D context that accepts everything and draws nothing. */
function silentContext(this: HTMLCanvasElement): CanvasRenderingContext2D {
  return new Proxy({ canvas: this } as unknown as CanvasRenderingContext2D, {
    get: (target, key) =>
      key === 'measureText' ? () => ({ width: 10 }) : (Reflect.get(target, key) ?? (() => undefined)),
  });
}
interface DrawsIn2d {
  getContext(this: HTMLCanvasElement): CanvasRenderingContext2D;
}

describe('the fit of a table', () => {
  beforeEach(() => {
    const drawn = HTMLCanvasElement.prototype as unknown as DrawsIn2d;
    vi.spyOn(drawn, 'getContext').mockImplementation(silentContext);
  });
  const source = {
    ...PLANE_EXPERIMENTS['waves'],
    data: {
      type: 'table',
      x: Array.from({ length: 12 }, (_, i) => [i * i]),
      y: Array.from({ length: 12 }, (_, i) => [i % 3]),
      validation_x: [[130]],
      validation_y: [[1]],
    },
  };

  it('lies over the range of its points, with a curve per run', async () => {
    const { all, texts } = await show(FitView, 'finished', source);
    await vi.waitFor(() => {
      expect(all('canvas')[0]?.getAttribute('aria-label')).toBe(
        '12 train points and 0 test points; fitted curves: overfitting, dropout, L1, L2, combined. Besides, 1 validation points.',
      );
    });
    expect(texts('thead th').slice(1)).toEqual(['at x = −6.50', 'at x = 65.0', 'at x = 137']);
    expect(texts('[role=group] button')).toEqual(['train points', 'validation points']);
  });

  it('is over the column as it is called', async () => {
    const { texts } = await show(FitView, 'finished', { ...source, data: { ...source.data, names: ['days', ''] } });
    await vi.waitFor(() => {
      expect(texts('thead th')[1]).toBe('at days = −6.50');
    });
  });

  it('shows its points before there is a run', async () => {
    const { all } = await show(FitView, 'empty', source);
    await vi.waitFor(() => {
      expect(all('canvas')[0]?.getAttribute('aria-label')).toMatch(/^12 train points and 0 test points; nothing/);
    });
  });
});

describe('columns of an imported table', () => {
  it('are called as in the file, and said to be standardized where they are', async () => {
    const { lab } = await show(SurfaceView, 'empty', PLANE_EXPERIMENTS['moons']);
    const { described } = fakeDataset(1);
    const t: Words['t'] = (key, ...params) => lab.preferences.translator.text(key, ...params);
    const { inputs, targets } = columnWords(t, described);
    expect(inputs[0]).toMatch(/ \(standardized\)$/);
    expect(inputs.at(-1)).toBe('garden, category 2');
    expect(targets).toEqual(['species']);
    const long = described.columns.map((x) => ({ ...x, name: x.name.repeat(20) }));
    expect(columnWords(t, { ...described, columns: long }).targets[0]).toMatch(/^(species){5}spec…$/);
  });
});
