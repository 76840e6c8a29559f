// Columns and classes of imported data in the place of the data: of all rows, whatever the preview holds.
import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../../assets/examples/index.ts';
import { parseExperiment, type DatasetSpec, type ExperimentSpec } from '../../../engine/spec/index.ts';
import { LabError } from '../../../main/contract/errors.ts';
import { FAKE_LARGE, FAKE_PICTURES } from '../../host/fake-columns.ts';
import { showing } from '../test-show.ts';
import DataPlace from './DataPlace.svelte';
import { withoutPixels } from './test-page.ts';

const cnn = parseExperiment(EXAMPLES['cnn']);
const regression = parseExperiment(EXAMPLES['regression']);

/** An example with other data, and a net that fits them. */
function withData(data: DatasetSpec): ExperimentSpec {
  if (data.pictures) return parseExperiment({ ...cnn, data });
  const layers = regression.model.layers.map((x) => (x.name === 'fc3' ? { ...x, out_features: 4 } : x));
  const recipe = { ...regression.recipe, loss: cnn.recipe.loss };
  return parseExperiment({ ...regression, data, recipe, model: { layers } });
}

withoutPixels();

async function show(data: DatasetSpec, language = 'en') {
  const shown = await showing(withData(data))(DataPlace, 'empty', language);
  const figure = (name: string): string => {
    for (const found of document.querySelectorAll('figure'))
      if (found.querySelector('figcaption')?.textContent === name) return found.textContent.replace(/\s+/g, ' ');
    throw new Error(`no column "${name}"`);
  };
  return {
    ...shown,
    figure,
    see: (wanted: RegExp) =>
      vi.waitFor(() => {
        flushSync();
        expect(shown.text()).toMatch(wanted);
      }),
    radio(label: string): void {
      for (const found of document.querySelectorAll<HTMLInputElement>('input[type=radio]'))
        if (found.closest('label')?.textContent.trim() === label) {
          found.click();
          flushSync();
          return;
        }
      throw new Error(`no choice "${label}"`);
    },
    asked: (method: string) => shown.client.calls.filter((x) => x.method === method).map((x) => x.input),
  };
}

describe('columns', () => {
  it('are named as in the file and counted over all rows, of all splits or one', async () => {
    const x = await show(FAKE_LARGE);
    x.radio('Columns');
    await x.see(/Counted over all rows of the splits/);
    expect(x.figure('temperature')).toMatch(/count 1,?000,?000mean .*sd \(n−1\) .*25% .*median .*max/);
    expect(x.figure('humidity')).toMatch(/count 987,?000.*missing 13,?000/);
    expect(x.figure('weather')).toMatch(/clear480,00048\.0%cloudy/);
    expect(x.figure('station')).toMatch(/3,192 more values/);
    x.choose('Split', 'test');
    expect(x.figure('temperature')).toMatch(/count 200,?000/);
    expect(x.asked('dataset.column')).toHaveLength(11);
    expect(x.text()).toMatch(/1,000,000 rows/);
  });

  it('say how far the counting is, and show at once what is there', async () => {
    const x = await show(FAKE_LARGE);
    x.client.holdNext('dataset.column');
    x.radio('Columns');
    expect(x.text()).toMatch(/Counting: 0 of 11 columns are there/);
    expect(document.querySelector('.waiting')?.getAttribute('aria-busy')).toBe('true');
  });

  it('keep the earlier figures while an edit of the split is counted, and not when nothing moves', async () => {
    const x = await show(FAKE_LARGE);
    x.radio('Columns');
    await x.see(/Counted over all rows/);
    const edit = (change: Partial<DatasetSpec>) => {
      x.lab.editor?.apply((document) => ({ ...document, data: { ...FAKE_LARGE, ...change } }));
      flushSync();
      x.environment.pass(200);
    };
    edit({ standardize: false });
    await vi.waitFor(() => {
      expect(x.asked('experiment.update')).toHaveLength(1);
    });
    expect(x.asked('dataset.column')).toHaveLength(11);
    x.client.holdNext('dataset.column');
    edit({ split: { ...FAKE_LARGE.split, test: 0.4 } });
    await x.see(/Counting: 0 of 11/);
    expect(x.figure('temperature')).toMatch(/count 1,?000,?000/);
    expect(document.querySelector('figure')?.getAttribute('aria-busy')).toBe('true');
  });

  it('that cannot be counted say why, naming the file, and are asked for again', async () => {
    const x = await show(FAKE_LARGE);
    x.client.failNext('dataset.column', new LabError('BAD_DATA_FILE', 'damaged', { file: 'sensors' }));
    x.radio('Columns');
    await vi.waitFor(() => {
      flushSync();
      expect(document.querySelector('[role=alert]')?.textContent).toMatch(/sensors/);
    });
    x.button('Try again').click();
    await x.see(/Counted over all rows/);
    expect(document.querySelector('[role=alert]')).toBeNull();
  });

  it('are drawn against each other as a sample that says of how many rows it is', async () => {
    const x = await show(FAKE_LARGE, 'zh-CN');
    x.radio('列');
    await x.see(/从 1,000,000 行中随机抽取 2,000 行绘制/);
    x.choose('横轴的列', '3');
    await vi.waitFor(() => {
      flushSync();
      expect(document.querySelector('canvas')?.getAttribute('aria-label')).toMatch(/pressure 对 wind speed：2,000/);
    });
    // Categories have no place on an axis of numbers.
    const options = [...document.querySelectorAll<HTMLOptionElement>('.pair option')].map((o) => o.textContent);
    expect(options).not.toContain('weather');
  });
});

describe('classes', () => {
  it('of a table are counted over all rows', async () => {
    const x = await show(FAKE_LARGE);
    x.radio('Classes');
    await x.see(/Train: 700,000.*Validation: 100,000.*Test: 200,000.*clear/);
    expect(x.text()).not.toMatch(/counted among/);
  });

  it('of pictures are counted over all pictures', async () => {
    const x = await show(FAKE_PICTURES);
    await vi.waitFor(() => {
      x.radio('Classes');
    });
    await x.see(/Train: 42,000.*Test: 12,000.*trouser/);
    expect(x.text()).not.toMatch(/counted among/);
  });

  it('that cannot be counted say why, naming the data set', async () => {
    const x = await show(FAKE_LARGE);
    x.client.failNext('dataset.report', new LabError('DATA_MISSING', 'gone', { dataset: 'sensors' }));
    x.lab.editor?.apply((document) => ({
      ...document,
      data: { ...FAKE_LARGE, split: { ...FAKE_LARGE.split, seed: 9 } },
    }));
    flushSync();
    x.environment.pass(200);
    x.radio('Classes');
    await x.see(/sensors/);
  });
});
