// The views beside the curves that hold no chart, over the fake lab: what they show of a run, and what their controls do.
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { LabError } from '../../../main/contract/errors.ts';
import { createFakeLab, type FakeScenario } from '../../host/fake.ts';
import { Lab } from '../../state/lab.svelte.ts';
import { createTestEnvironment } from '../../state/test-environment.ts';
import TestHost from '../TestHost.svelte';
import ArithmeticView from './ArithmeticView.svelte';
import ConfusionView from './ConfusionView.svelte';
import PicturesView from './PicturesView.svelte';

let ended: (() => Promise<void>) | null = null;
beforeEach(() => {
  // No picture is drawn here: the page has no pixels.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
});
afterEach(async () => {
  await ended?.();
  ended = null;
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

async function show(part: Component, scenario: FakeScenario, example: string, language = 'en') {
  const client = createFakeLab(scenario, EXAMPLES[example]);
  const environment = createTestEnvironment([language]);
  const lab = new Lab(client, environment);
  await lab.open();
  await vi.waitFor(() => {
    expect(lab.runs.shown.every((x) => x.series.data)).toBe(true);
  });
  const mounted = mount(TestHost, { target: document.body, props: { lab, part } });
  ended = () => unmount(mounted);
  flushSync();
  const text = () => (document.body.textContent ?? '').replace(/\s+/g, ' ');
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const button = (name: string): HTMLButtonElement => {
    const found = all('button').find((x) => (x.getAttribute('aria-label') ?? x.textContent ?? '').trim() === name);
    if (!found) throw new Error(`no button "${name}"`);
    return found as HTMLButtonElement;
  };
  const choose = (label: string): void => {
    const found = all('label')
      .find((x) => x.textContent?.trim() === label)
      ?.querySelector('input');
    if (!found) throw new Error(`no choice "${label}"`);
    found.click();
    flushSync();
  };
  return { client, lab, environment, text, all, button, choose };
}
const names = (elements: readonly HTMLElement[]) => elements.map((x) => x.getAttribute('aria-label'));

describe('pictures', () => {
  it('say what each is and what it is taken for; the wrong ones can be seen alone', async () => {
    const { text, all, choose } = await show(PicturesView, 'finished', 'cnn');
    expect(text()).toMatch(/8 wrong among the first 40 of 2,000/);
    expect(names(all('canvas'))).toHaveLength(40);
    expect(names(all('canvas'))[0]).toBe('Wrong: disc, taken for ring');
    choose('Only wrong ones');
    expect(names(all('canvas'))).toHaveLength(8);
    expect(names(all('canvas')).every((x) => x?.startsWith('Wrong: '))).toBe(true);
  });

  it('of training have their labels only', async () => {
    const { text, all, choose } = await show(PicturesView, 'finished', 'cnn', 'zh-CN');
    choose('训练');
    expect(text()).toMatch(/4,000 张中的前 40 张及其标签/);
    expect(names(all('canvas')).slice(0, 2)).toEqual(['圆盘', '月牙']);
    expect(all('input[type=checkbox]')).toHaveLength(0);
  });

  it('are those of an earlier step when one is chosen', async () => {
    const { lab, all } = await show(PicturesView, 'finished', 'cnn');
    const wrong = () => names(all('canvas')).filter((x) => x?.startsWith('Wrong')).length;
    expect(wrong()).toBe(8);
    lab.views.atStep = 0;
    flushSync();
    expect(wrong()).toBeGreaterThan(8);
  });

  it('say that they are on their way', async () => {
    const { text, all } = await show(PicturesView, 'empty', 'cnn');
    expect(text()).toMatch(/being drawn/);
    expect(all('[aria-busy=true]')).toHaveLength(1);
  });

  it('come page by page when there are very many', async () => {
    const { lab, all, button, text } = await show(PicturesView, 'finished', 'cnn');
    const count = 10_000;
    const many = { pixels: new Uint8Array(count * 3072), labels: new Int32Array(count) };
    const run = lab.runs.newest[0];
    if (!run) throw new Error('no run');
    run.series.data = {
      kind: 'images',
      shape: [3, 32, 32],
      rows: { train: count, validation: 0, test: 0 },
      train: many,
      test: null,
    };
    lab.runs.version += 1;
    flushSync();
    expect(all('canvas')).toHaveLength(100);
    expect(text()).toMatch(/Page 1 of 100/);
    button('Page after').click();
    flushSync();
    expect(text()).toMatch(/Page 2 of 100/);
    expect(all('canvas')).toHaveLength(100);
  });
});

describe('confusion', () => {
  it('counts, and opens the pictures of a count', async () => {
    const { lab, text, all, button } = await show(ConfusionView, 'finished', 'cnn');
    expect(text()).toMatch(/1,700 of 2,107 test examples right/);
    expect(all('tbody button')).toHaveLength(100);
    button('disc taken for crescent: 24').click();
    expect(lab.views.pair).toEqual({ truth: 0, predicted: 7 });
    expect(lab.views.view(['pictures', 'confusion'])).toBe('pictures');
  });

  it('is one stop of the Tab key, and arrow keys move within', async () => {
    const { all } = await show(ConfusionView, 'finished', 'cnn');
    const stops = () => all('tbody button[tabindex="0"]').map((x) => x.getAttribute('aria-label'));
    expect(stops()).toEqual(['disc taken for disc: 170']);
    all('tbody button[tabindex="0"]')[0]?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }),
    );
    await vi.waitFor(() => {
      expect(stops()).toEqual(['ring taken for disc: 1']);
    });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('ring taken for disc: 1');
  });

  it('says what to do before there is a run', async () => {
    expect((await show(ConfusionView, 'empty', 'cnn', 'zh-CN')).text()).toMatch(/点击“运行”/);
  });
});

describe('one update', () => {
  it('can be started, paused for, and opened again', async () => {
    const { lab, button, text } = await show(ArithmeticView, 'empty', 'numpy-dropout');
    button('Start paused').click();
    await vi.waitFor(() => {
      expect(text()).toMatch(/Update 1, not made yet/);
    });
    await lab.training.resume();
    flushSync();
    expect(text()).toMatch(/It is training/);
    button('Pause').click();
    await vi.waitFor(() => {
      expect(text()).toMatch(/not made yet/);
    });
    await lab.training.stop();
    flushSync();
    button('Open again').click();
    await vi.waitFor(() => {
      expect(text()).toMatch(/not made yet/);
    });
  });

  it('shows where as printed and corrected part, and which one the run takes', async () => {
    const { lab, text, all } = await show(ArithmeticView, 'running', 'numpy-dropout');
    await lab.training.pause();
    await vi.waitFor(() => {
      expect(text()).toMatch(/6 of 16 point opposite ways/);
    });
    const used = () => all('figure.used strong').map((x) => x.textContent);
    expect(used()).toEqual(['As printed']);
    lab.views.pick(lab.runs.newest[1] ?? null);
    await vi.waitFor(() => {
      expect(used()).toEqual(['Corrected']);
    });
    expect(all('caption').map((x) => x.textContent)).toContain('Dropout mask, dropout1.mask');
  });

  it('goes on to the next when the run takes a step', async () => {
    const { lab, environment, text, button } = await show(ArithmeticView, 'running', 'numpy-dropout');
    await lab.training.pause();
    await vi.waitFor(() => {
      expect(text()).toMatch(/Update 241/);
    });
    button('Make it, show the next').click();
    await vi.waitFor(() => {
      environment.frame();
      expect(text()).toMatch(/Update 242/);
    });
  });

  it('says that a model is too large, or what else went wrong', async () => {
    const { lab, client, text } = await show(ArithmeticView, 'running', 'cnn');
    await lab.training.pause();
    await vi.waitFor(() => {
      expect(text()).toMatch(/too large to be looked at/);
    });
    client.failNext('run.inspect', new LabError('ENGINE_LOST', 'gone'));
    lab.views.pick(lab.runs.newest[1] ?? null);
    await vi.waitFor(() => {
      expect(text()).toMatch(/training engine stopped unexpectedly/);
    });
  });
});
