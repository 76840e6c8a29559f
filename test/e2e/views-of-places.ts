// Every view of every place, one behind the other in one window: how a person comes to it, in either language. Its looks are judged elsewhere.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainKey } from '../../renderer/messages/catalogue.ts';
import type { Place } from '../../renderer/model/places.ts';
import type { App } from './driver.ts';
import type { LabPage } from './lab-page.ts';

/** A window that stands in some view, and how to go on from there. */
export class Tour {
  readonly app: App;
  readonly lab: LabPage;
  constructor(app: App, lab: LabPage) {
    this.app = app;
    this.lab = lab;
  }
  readonly t: LabPage['words']['text'] = (key, ...params) => this.lab.words.text(key, ...params);
  get page() {
    return this.app.page;
  }
  press(key: PlainKey): Promise<void> {
    return this.page
      .getByRole('button', { name: this.t(key), exact: true })
      .first()
      .click();
  }
  async place(place: Place): Promise<void> {
    const places = this.page.getByRole('navigation', { name: this.t('place.choose') });
    await places.getByRole('button', { name: this.t(`place.${place}`), exact: true }).click();
  }
  async kind(key: PlainKey): Promise<void> {
    const kind = this.lab.inspector.getByRole('combobox', { name: this.t('generators.kind'), exact: true });
    await kind.selectOption({ label: this.t(key) });
  }
  async choose(group: PlainKey, option: PlainKey): Promise<void> {
    const options = this.page.getByRole('radiogroup', { name: this.t(group) });
    await options.getByRole('radio', { name: this.t(option), exact: true }).check();
  }
  async example(name: Parameters<LabPage['openExample']>[0]): Promise<void> {
    await this.lab.openExample(name);
    // Whatever is gone to before is left again for the runs of what was opened.
    await this.lab.notices.getByText(new RegExp(`${name} `)).waitFor();
  }
  /** Paints on the points that are shown. */
  async takeOver(): Promise<void> {
    await this.press('paint.takeOver');
    await this.page.getByRole('radiogroup', { name: this.t('paint.tool') }).waitFor();
  }
  async template(key: PlainKey, layer: string): Promise<void> {
    await this.press('building.templates');
    await this.page.getByRole('menuitem', { name: this.t(key) }).click();
    await this.lab.layer(layer).waitFor();
  }
  async closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  /** A file of the home folder, in the window of the import. */
  async importFile(name: string): Promise<void> {
    const { page, t } = this;
    const dialog = page.getByRole('dialog', { name: t('import.title') });
    await dialog.getByRole('button', { name: t('import.chooseFile'), exact: true }).click();
    const chooser = page.getByRole('dialog', { name: t('import.chooseFile') });
    await chooser.getByRole('option', { name }).click();
    await chooser.getByRole('button', { name: t('chooser.open'), exact: true }).click();
    await chooser.waitFor({ state: 'hidden' });
  }
  /** Trains one variant for some steps. */
  async train(steps: number, variant: string): Promise<void> {
    await this.lab.set(this.t('recipe.steps'), steps);
    await this.lab.choose(variant);
    await this.lab.train();
  }
}

export interface View {
  readonly name: string;
  /** What is looked at is a dialog over a view that was looked at before. */
  readonly dialog?: true;
  come(tour: Tour): Promise<void>;
}

/** Flowers of three kinds; some widths are missing, and one is wrong when asked. */
function flowers(wrong: boolean): string {
  const row = (i: number) => {
    const width = wrong && i === 41 ? 'wide' : i % 10 === 3 ? '' : (2 + (i % 7) / 10).toFixed(1);
    const species = ['setosa', 'virginica', 'versicolor'][i % 3] ?? '';
    return `${(4 + (i % 20) / 10).toFixed(1)},${width},${i % 4 === 0 ? 'meadow' : 'wood'},${species}`;
  };
  return ['length,width,where,species', ...Array.from({ length: 120 }, (_, i) => row(i))].join('\n');
}

const DATA: readonly View[] = [
  {
    name: 'data-scatter',
    async come(tour) {
      await tour.place('data');
      await tour.page.getByRole('application').waitFor();
    },
  },
  { name: 'data-paint-curve', come: (tour) => tour.takeOver() },
  { name: 'data-table', come: (tour) => tour.choose('dataPlace.view', 'dataPlace.view.table') },
  { name: 'data-columns', come: (tour) => tour.choose('dataPlace.view', 'dataPlace.view.columns') },
  {
    name: 'data-paint-classes',
    async come(tour) {
      await tour.kind('generators.moons');
      await tour.choose('dataPlace.view', 'dataPlace.view.points');
      await tour.takeOver();
      await tour.page.getByRole('application').focus();
      await tour.page.keyboard.press('Control+a');
    },
  },
  { name: 'data-classes', come: (tour) => tour.choose('dataPlace.view', 'dataPlace.view.classes') },
  {
    name: 'data-export',
    dialog: true,
    async come(tour) {
      await tour.press('dataPlace.export');
      await tour.page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'data-pictures',
    async come(tour) {
      await tour.closeDialog();
      await tour.kind('generators.shapes32');
      await tour.choose('dataPlace.view', 'dataPlace.view.pictures');
    },
  },
  { name: 'data-picture-classes', come: (tour) => tour.choose('dataPlace.view', 'dataPlace.view.classes') },
  {
    name: 'import-begin',
    dialog: true,
    async come(tour) {
      await tour.press('import.button');
      await tour.page.getByText(tour.t('import.none')).waitFor();
    },
  },
  {
    name: 'import-wrong',
    dialog: true,
    async come(tour) {
      writeFileSync(join(tour.app.home, 'flowers.csv'), flowers(true));
      await tour.importFile('flowers.csv');
      await tour.page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  {
    name: 'import-file',
    dialog: true,
    async come(tour) {
      writeFileSync(join(tour.app.home, 'flowers.csv'), flowers(false));
      await tour.press('import.lookAgain');
      await tour.page.getByRole('dialog').getByRole('alert').waitFor({ state: 'hidden' });
    },
  },
  {
    name: 'import-done',
    dialog: true,
    async come(tour) {
      await tour.press('import.import');
      await tour.page.getByRole('button', { name: tour.t('import.use'), exact: true }).waitFor();
    },
  },
  {
    name: 'data-file',
    async come(tour) {
      await tour.press('import.use');
      await tour.page.getByRole('dialog').waitFor({ state: 'hidden' });
      await tour.choose('dataPlace.view', 'dataPlace.view.file');
      await tour.page.getByRole('cell', { name: 'setosa' }).first().waitFor();
    },
  },
  { name: 'data-file-columns', come: (tour) => tour.choose('dataPlace.view', 'dataPlace.view.columns') },
];

const MODEL: readonly View[] = [
  {
    name: 'model-canvas',
    async come(tour) {
      await tour.kind('generators.shapes32');
      await tour.place('model');
      await tour.template('building.template.resnet', 'block1_add');
      await tour.lab.layer('block1_add').click();
      await tour.lab.inspector.getByRole('combobox', { name: tour.t('building.type') }).waitFor();
    },
  },
  { name: 'model-list', come: (tour) => tour.choose('building.view', 'building.list') },
  {
    name: 'model-code',
    async come(tour) {
      await tour.choose('building.view', 'building.code');
      const code = tour.page.getByRole('region', { name: tour.t('building.codeText') });
      await code.getByText('block1_conv1').first().waitFor();
    },
  },
  { name: 'model-json', come: (tour) => tour.choose('building.view', 'building.json') },
  {
    name: 'model-templates',
    async come(tour) {
      await tour.choose('building.view', 'building.diagram');
      await tour.press('building.templates');
      await tour.page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'model-empty',
    async come(tour) {
      await tour.page.keyboard.press('Escape');
      await tour.lab.layer('input').press('ArrowDown');
      await tour.page.keyboard.press('Control+a');
      await tour.page.keyboard.press('Delete');
      await tour.page.getByRole('heading', { name: tour.t('building.emptyTitle') }).waitFor();
    },
  },
  {
    name: 'model-wrong',
    async come(tour) {
      await tour.lab.buildDropoutNet();
      await tour.lab.layer('fc2').waitFor();
    },
  },
];

const EXPERIMENT: readonly View[] = [
  {
    name: 'experiment-variants',
    async come(tour) {
      await tour.example('cnn');
      await tour.place('experiment');
      await tour.page.getByRole('columnheader', { name: tour.t('table.base') }).waitFor();
    },
  },
  { name: 'experiment-all', come: (tour) => tour.choose('table.show', 'table.all') },
  {
    name: 'experiment-wrong',
    async come(tour) {
      await tour.choose('table.show', 'table.main');
      const cell = tour.t('table.cell', { field: tour.t('recipe.lr'), variant: 'L2' });
      await tour.page.getByRole('textbox', { name: cell }).fill('-3');
      await tour.page.keyboard.press('Tab');
      await tour.lab.work.getByText(tour.t('bar.invalid')).filter({ visible: true }).first().waitFor();
    },
  },
];

const RUNS: readonly View[] = [
  {
    name: 'runs-pictures',
    async come(tour) {
      await tour.press('action.undo');
      await tour.place('runs');
      await tour.lab.view('view.pictures');
    },
  },
  {
    name: 'runs-surface',
    async come(tour) {
      await tour.example('regression');
      await tour.kind('generators.moons');
      await tour.train(60, 'dropout');
      await tour.lab.view('surface.title');
    },
  },
  { name: 'runs-confusion', come: (tour) => tour.lab.view('view.confusion') },
  { name: 'runs-weights', come: (tour) => tour.lab.view('view.weights') },
  { name: 'runs-rows', come: (tour) => tour.lab.view('view.rows') },
  {
    name: 'runs-arithmetic',
    async come(tour) {
      await tour.example('numpy-dropout');
      await tour.lab.set(tour.t('recipe.steps'), 40);
      await tour.lab.train();
      await tour.lab.view('view.arithmetic');
      await tour.lab.work.getByRole('button', { name: tour.lab.words.text('arithmetic.reopen', { n: 1 }) }).click();
      await tour.lab.work.getByText(tour.t('arithmetic.whyTitle')).waitFor();
    },
  },
  {
    name: 'export-run',
    dialog: true,
    async come(tour) {
      await tour.lab.run(2).getByRole('button', { name: 'corrected', exact: true }).click();
      await tour.press('export.open');
      await tour.page.getByRole('dialog').waitFor();
    },
  },
];

/** In this order: each begins where the one before it ended. */
export const VIEWS: readonly View[] = [...DATA, ...MODEL, ...EXPERIMENT, ...RUNS];
