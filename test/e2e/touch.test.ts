// A touch screen: what a mouse does on the plane, in the diagram and in the charts is done with fingers, and everything can be hit.
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserHost } from './browser-launcher.ts';
import { describeHosts, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';
import { Tour } from './views-of-places.ts';

/** What a finger hits, in px. */
const TARGET_PX = 40;

interface At {
  readonly x: number;
  readonly y: number;
}

describeHosts('touching', [browserHost], (host) => {
  let app: App;
  let lab: LabPage;
  let tour: Tour;
  let cdp: CDPSession;
  beforeAll(async () => {
    app = await host.start({ touch: true });
    lab = new LabPage(app.page);
    tour = new Tour(app, lab);
    cdp = await app.page.context().newCDPSession(app.page);
    await tour.place('data');
    await tour.takeOver();
  });
  afterAll(() => host.quit(app));

  const plane = () => app.page.getByRole('application');
  const holds = (points: number | RegExp) =>
    app.page
      .getByRole('application', { name: typeof points === 'number' ? new RegExp(`^${points} points:`) : points })
      .waitFor();
  const touches = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly At[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((at, id) => ({ ...at, id })) });
  /** A place of the plane, in parts of its width and height. */
  const at = async (across: number, down: number): Promise<At> => {
    const box = await plane().boundingBox();
    if (!box) throw new Error('nothing to paint on');
    return { x: box.x + box.width * across, y: box.y + box.height * down };
  };
  const between = (a: At, b: At, part: number): At => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
  async function stroke(from: At, to: At): Promise<void> {
    await touches('touchStart', [from]);
    for (let i = 1; i <= 10; i++) await touches('touchMove', [between(from, to, i / 10)]);
    await touches('touchEnd', []);
  }
  async function tap(point: At): Promise<void> {
    await touches('touchStart', [point]);
    await touches('touchEnd', []);
  }
  const tool = (name: string) =>
    app.page.getByRole('radiogroup', { name: 'Tool' }).getByRole('radio', { name }).check();
  const range = () =>
    app.page
      .getByRole('textbox', { name: /^[xy] (from|to)$/ })
      .evaluateAll((all) => all.map((x) => Number((x as HTMLInputElement).value)));
  const scrolled = () =>
    app.page.evaluate(() => [...document.querySelectorAll('*')].filter((x) => x.scrollTop > 0).map((x) => x.className));

  test('one finger paints a stroke, which is undone as one, and nothing scrolls under it', async () => {
    await holds(40);
    await stroke(await at(0.3, 0.7), await at(0.6, 0.2));
    await holds(/^(4[1-9]|[5-9]\d|1\d\d) points:/);
    expect(await scrolled()).toEqual([]);
    await lab.inspector.getByRole('button', { name: /^Undo/ }).click();
    await holds(40);
  });

  test('two fingers stretch and move what is seen, and paint nothing', async () => {
    const before = await range();
    const [a, b] = [await at(0.45, 0.5), await at(0.55, 0.5)];
    const [c, d] = [await at(0.3, 0.4), await at(0.7, 0.4)];
    await touches('touchStart', [a]);
    await touches('touchStart', [a, b]);
    for (let i = 1; i <= 10; i++) await touches('touchMove', [between(a, c, i / 10), between(b, d, i / 10)]);
    await touches('touchEnd', [c]);
    // The finger that is left over paints nothing either.
    await touches('touchMove', [a]);
    await touches('touchEnd', []);
    const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = before;
    await expect.poll(async () => ((await range())[1] ?? 0) - ((await range())[0] ?? 0)).toBeLessThan((x1 - x0) / 3);
    const now = await range();
    // The fingers went up by a tenth of the plane, and the points with them.
    expect(((now[2] ?? 0) + (now[3] ?? 0)) / 2).toBeLessThan((y0 + y1) / 2);
    await holds(40);
    await app.page.getByRole('button', { name: 'Fit to the data' }).click();
    await expect.poll(range).toEqual(before);
  });

  test('a point is put, taken hold of beside it, moved, and erased', async () => {
    await tool('Put');
    const place = await at(0.3, 0.2);
    await tap(place);
    await holds(41);
    await tool('Select');
    const selected = (n: number) => app.page.getByText(`${n} selected`, { exact: true }).first();
    // A finger covers what it means.
    await stroke({ x: place.x + 12, y: place.y + 8 }, { x: place.x + 112, y: place.y + 8 });
    await selected(1).waitFor();
    await tap(place);
    await selected(1).waitFor({ state: 'hidden' });
    await tap({ x: place.x + 100, y: place.y });
    await selected(1).waitFor();
    await tool('Erase');
    await tap({ x: place.x + 100, y: place.y });
    await holds(40);
  });

  test('everything that can be pressed is large enough', async () => {
    const small = () =>
      app.page.evaluate((least) => {
        // Layers and the bar between two panes: the one is zoomed, the other reaches further than it is seen.
        const pressed = document.querySelectorAll(
          'button:not([data-node]), select, input[type=checkbox], input[type=radio], summary',
        );
        return [...pressed].flatMap((x) => {
          const whole = x.matches('input') ? (x.closest('label') ?? x) : x;
          const { width, height } = whole.getBoundingClientRect();
          const seen = width > 0 && getComputedStyle(x).visibility !== 'hidden' && !x.closest('.visually-hidden');
          // What is part of a row of the form reaches beyond its edges.
          const wide = x.getAttribute('aria-expanded') !== null || width >= least - 0.5;
          return seen && !(wide && height >= least - 0.5) ? [`${width} × ${height}: ${x.outerHTML.slice(0, 200)}`] : [];
        });
      }, TARGET_PX);
    for (const place of ['data', 'experiment', 'runs', 'model'] as const) {
      await tour.place(place);
      await lab.work.getByRole('button').first().waitFor();
      expect(await small()).toEqual([]);
    }
  });

  test('a layer is added with two taps', async () => {
    await lab.layer('fc1').tap();
    await app.page
      .getByRole('region', { name: 'Layers to add' })
      .getByRole('button', { name: 'Tanh', exact: true })
      .tap();
    await lab.layer('tanh1').waitFor();
    await lab.inspector.getByRole('button', { name: /^Undo/ }).tap();
    await lab.layer('tanh1').waitFor({ state: 'hidden' });
  });

  test('a tap on the curves reads them, and what was read stays', async () => {
    await tour.place('runs');
    await lab.set('Steps', 40);
    await lab.choose('overfitting');
    await lab.train();
    const chart = app.page.getByRole('img', { name: /^Losses at the last step/ });
    const box = await chart.boundingBox();
    if (!box) throw new Error('no chart');
    await tap({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await app.page.getByText(/^step \d+$/).waitFor();
    await tap({ x: box.x + box.width - 20, y: box.y + box.height / 2 });
    await app.page.getByText('step 40', { exact: true }).waitFor();
  });
});
