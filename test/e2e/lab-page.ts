// The lab's window as a person uses it: by roles and names, in either language. No spec knows how it is built.
import type { Locator, Page } from 'playwright-core';
import { Translator } from '../../renderer/messages/translator.ts';

export const VARIANTS = ['overfitting', 'dropout', 'L1', 'L2', 'combined'] as const;

const SPEEDS = { slow: 'bar.slow', watch: 'bar.watch', full: 'bar.full' } as const;
const BAR = {
  run: 'bar.run',
  pause: 'bar.pause',
  resume: 'bar.resume',
  step: 'bar.step',
  stop: 'bar.stop',
} as const;

export async function chooseFromMenu(page: Page, menu: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Asks for a file in the window of the import. */
export async function chooseAFile(page: Page): Promise<void> {
  await page.getByRole('dialog', { name: 'Import data' }).getByRole('button', { name: 'Choose a file' }).click();
}

export class LabPage {
  readonly page: Page;
  readonly words: Translator;
  readonly navigator: Locator;
  readonly work: Locator;
  readonly inspector: Locator;
  readonly status: Locator;
  readonly banners: Locator;
  readonly notices: Locator;

  constructor(page: Page, locale: 'en' | 'zh-CN' = 'en') {
    this.page = page;
    this.words = new Translator(locale);
    const { words } = this;
    this.navigator = page.getByRole('navigation', { name: words.text('area.navigator') });
    this.work = page.getByRole('main');
    this.inspector = page.getByRole('complementary', { name: words.text('area.inspector') });
    this.status = page.getByRole('contentinfo', { name: words.text('area.status') });
    this.banners = page.locator('[role=status]');
    this.notices = page.getByRole('region', { name: words.text('area.notices') });
  }

  /** A button of the run bar. */
  bar(name: keyof typeof BAR): Locator {
    return this.work
      .getByRole('group', { name: this.words.text('bar.controls') })
      .getByRole('button', { name: this.words.text(BAR[name]), exact: true });
  }

  async speed(speed: keyof typeof SPEEDS): Promise<void> {
    const group = this.work.getByRole('radiogroup', { name: this.words.text('bar.speed') });
    await group.getByRole('radio', { name: this.words.text(SPEEDS[speed]), exact: true }).check();
  }

  /** A settings field by its label. */
  field(label: string): Locator {
    return this.inspector.getByRole('textbox', { name: label, exact: true });
  }

  /** Types a value over the old one and leaves the field. */
  async set(label: string, value: string | number): Promise<void> {
    const field = this.field(label);
    await field.fill(String(value));
    await field.blur();
  }

  /** The tick and figure of a variant above the charts. */
  variant(name: string): Locator {
    return this.work
      .getByRole('group', { name: this.words.text('bar.variants') })
      .getByRole('checkbox', { name: new RegExp(`^${name}( |$)`) });
  }

  /** Leaves only these variants ticked. */
  async choose(...names: readonly string[]): Promise<void> {
    for (const variant of VARIANTS) await this.variant(variant).setChecked(names.includes(variant));
  }

  /** The newest test loss of a variant, as it is written beside its name. */
  async testLoss(variant: string): Promise<string> {
    const label = await this.variant(variant).evaluate((x) => x.closest('label')?.textContent ?? '');
    return label.trim().slice(variant.length).replace(this.testLossWord, '').trim();
  }
  private get testLossWord(): string {
    const { words } = this;
    const score = words.text('loss.title').toLowerCase();
    return words.text('chart.scoreOf', { split: words.text('chart.onTest'), score });
  }

  /** Begins a new project from a bundled example. */
  async openExample(name: 'regression' | 'cnn' | 'numpy-dropout'): Promise<void> {
    await chooseFromMenu(this.page, this.words.text('project.menu'), new RegExp(`${name}$`));
    await this.navigator.locator('strong').filter({ hasText: name }).first().waitFor();
  }

  /** Shows a view beside the curves. */
  async view(
    key:
      | 'fit.title'
      | 'surface.title'
      | 'view.rows'
      | 'view.pictures'
      | 'view.confusion'
      | 'view.weights'
      | 'view.arithmetic',
  ) {
    const views = this.work.getByRole('radiogroup', { name: this.words.text('view.choose') });
    await views.getByRole('radio', { name: this.words.text(key), exact: true }).check();
  }

  /** The run that a view of one run is about. */
  async lookAt(variant: string): Promise<void> {
    await this.work.getByRole('combobox', { name: this.words.text('view.run') }).selectOption({ label: variant });
  }

  /** What the curves show. */
  async curves(label: string): Promise<void> {
    await this.work.getByRole('combobox', { name: this.words.text('chart.choose') }).selectOption({ label });
  }

  /** The row of a run in the navigator. */
  run(number: number): Locator {
    return this.navigator.getByRole('listitem').filter({ has: this.shown(number) });
  }

  /** The rows of all runs; the navigator also lists the examples while there are none. */
  get rows(): Locator {
    return this.navigator.getByRole('listitem').filter({ has: this.page.getByRole('checkbox') });
  }

  /** Waits until exactly this many runs are listed. */
  async runs(count: number): Promise<void> {
    const { rows } = this;
    await rows.nth(count).waitFor({ state: 'detached' });
    if (count > 0) await rows.nth(count - 1).waitFor();
  }

  /** Whether a run is drawn in the charts. */
  shown(number: number): Locator {
    const [before = '', after = ''] = this.words.text('runs.show', { variant: '\0', number: `${number}` }).split('\0');
    return this.page.getByRole('checkbox', { name: new RegExp(`^${before}[^ ]+${after}$`) });
  }

  /** The progress of a variant that trains, at the foot of the window. */
  progress(variant: string): Locator {
    return this.status.getByRole('progressbar', { name: variant });
  }
  async step(variant: string): Promise<number> {
    return this.progress(variant).evaluate((x) => (x as HTMLProgressElement).value);
  }

  /** Waits until nothing trains any more. */
  async finished(): Promise<void> {
    await this.status.getByRole('progressbar').first().waitFor({ state: 'hidden' });
  }

  /** Runs what is ticked, to its end, at full speed. */
  async train(): Promise<void> {
    await this.speed('full');
    const before = await this.rows.count();
    await this.bar('run').click();
    await this.rows.nth(before).waitFor();
    await this.finished();
  }

  /** Rows of the table behind the loss chart: run, split, step, value. */
  async losses(): Promise<readonly (readonly string[])[]> {
    const rows = this.page.getByRole('table', { name: this.words.text('loss.tableCaption') }).getByRole('row');
    const texts = await rows.evaluateAll((all) => all.map((row) => [...row.children].map((x) => x.textContent)));
    return texts.slice(1);
  }

  /** What the fit chart says that it shows. */
  fit(text: string | RegExp): Locator {
    return this.work.getByRole('img', { name: text });
  }

  /** The project's name as the window shows it. */
  projectName(name: string | RegExp): Locator {
    return this.page.getByRole('banner').locator('strong').filter({ hasText: name });
  }

  /** A layer on the canvas of the model. */
  layer(name: string): Locator {
    return this.page.locator(`button[data-node="${name}"]`);
  }

  /** Linear, Dropout, ReLU and Linear behind each other in an empty model, by keys alone; the last one has the focus then. */
  async buildDropoutNet(): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: this.words.text('building.firstLayer'), exact: true }).press('Enter');
    for (const [kind, name] of [
      ['linear', 'fc1'],
      ['dropout', 'dropout1'],
      ['relu', 'relu1'],
      ['linear', 'fc2'],
    ] as const) {
      await page.keyboard.type(kind);
      await page.keyboard.press('Enter');
      await page.waitForFunction((id) => (document.activeElement as HTMLElement | null)?.dataset['node'] === id, name);
      // The search for the next one.
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Escape');
  }
}
