// The whole window over the fake lab, in the state that the address asks for:
// ?example=cnn&kind=moons&state=running&view=pictures&locale=en&theme=dark&open=formula
// or a place of the window: ?place=data&data=moons
import { mount } from 'svelte';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import App from '../../renderer/features/shell/App.svelte';
import { fakeDataset } from '../../renderer/host/fake-datasets.ts';
import { PLANE_EXPERIMENTS } from '../../renderer/host/fake-planes.ts';
import { createFakeLab, FAKE_SCENARIOS, type FakeScenario } from '../../renderer/host/fake.ts';
import { setData } from '../../renderer/model/data-edits.ts';
import { DATA_KINDS } from '../../renderer/model/data-kinds.ts';
import { windowEnvironment } from '../../renderer/state/environment.ts';
import { Lab } from '../../renderer/state/lab.svelte.ts';
import { PLACES } from '../../renderer/model/places.ts';
import { PARTS } from '../../renderer/model/take.ts';
import { MODEL_VIEWS } from '../../renderer/state/model-building.svelte.ts';
import { VIEWS } from '../../renderer/state/views.svelte.ts';
import '../../renderer/ui/tokens.css';
import { DATA_EXAMPLES } from './data-examples.ts';
import { MODEL_STATES } from './model-states.ts';

const asked = new URL(location.href).searchParams;
const state: FakeScenario = FAKE_SCENARIOS.find((x) => x === asked.get('state')) ?? 'finished';
const example = parseExperiment({ ...PLANE_EXPERIMENTS, ...EXAMPLES }[asked.get('example') ?? 'regression']);
const kind = DATA_KINDS.find((x) => x.id === asked.get('kind'));
const ownData = DATA_EXAMPLES[asked.get('data') ?? ''];
const client = createFakeLab(
  state,
  ownData ? ownData() : kind ? setData(structuredClone(kind.data))(example) : example,
);
if (asked.has('fails')) client.failNext('data.preview', new LabError('ENGINE_LOST', 'gone'));
if (asked.has('counting')) client.holdNext('dataset.column');
if (asked.has('uncounted'))
  client.failNext('dataset.column', new LabError('BAD_DATA_FILE', 'it is cut off', { file: 'sensors' }));
await client.call('settings.set', {
  locale: asked.get('locale') === 'zh-CN' ? 'zh-CN' : 'en',
  theme: asked.get('theme') === 'dark' ? 'dark' : 'light',
});

const target = document.querySelector('#app');
if (!target) throw new Error('the page has no #app element');
const lab = new Lab(client, windowEnvironment(window));
mount(App, { target, props: { lab } });
const opened = lab.open();
if (state !== 'loading') await opened;

const place = PLACES.find((x) => x === asked.get('place'));
if (place) lab.goTo(place);
lab.building.view = MODEL_VIEWS.find((x) => x === asked.get('show')) ?? 'diagram';
lab.building.analyzer = asked.has('analysis');
const building = MODEL_STATES[asked.get('model') ?? ''];
if (building && lab.editor) lab.editor.apply(building);
for (const layer of asked.getAll('layer')) lab.building.select(layer, 'toggle');

const view = VIEWS.find((x) => x === asked.get('view'));
if (view) lab.views.choose(view);
if (asked.has('alone')) lab.views.alone = true;
if (asked.has('wrong')) lab.views.onlyWrong = true;
if (asked.has('paused')) {
  await lab.training.pause();
  await Promise.all(lab.runs.shown.map((x) => lab.training.reopen(x)));
}
if (state === 'running' && asked.has('live')) {
  setInterval(() => {
    client.advance(Number(asked.get('live')) || 2);
  }, 50);
}
if (state === 'overlaid') for (const run of lab.runs.entries.slice(0, 2)) lab.runs.show(run, true);
if (state === 'diverged') lab.select(lab.runs.entries.at(-1) ?? null);
if (state === 'error') {
  lab.notices.error(new LabError('DISK_FULL', 'no space left', { file: 'regression.overfit' }));
  lab.editor?.apply((document) => ({ ...document, data: { ...document.data, noise: -1 } }));
}
switch (asked.get('open')) {
  case 'selected':
    lab.select(lab.runs.entries[1] ?? null);
    break;
  case 'lost':
    client.close();
    break;
  case 'chooser':
    void lab.files.open();
    break;
  case 'save':
    void lab.files.saveAs();
    break;
  case 'unfolded':
    for (const details of document.querySelectorAll('aside details')) details.setAttribute('open', '');
    for (const row of document.querySelectorAll<HTMLElement>('aside button[aria-expanded=false]:not([aria-haspopup])'))
      row.click();
    document.querySelector('aside')?.scrollTo(0, Number(asked.get('at') ?? 0));
    break;
  case 'live': {
    const [run] = lab.runs.live;
    if (!run) throw new Error('nothing is live');
    lab.select(run);
    await lab.training.change(run, ['recipe.optimizer.lr'], 0.003);
    await lab.training.change(run, ['model.layers.dropout1.p', 'model.layers.dropout2.p'], 0.4);
    break;
  }
  case 'import':
    lab.importing.begin();
    break;
  case 'import-looking':
    client.holdNext('dataset.inspect');
    lab.importing.begin();
    void lab.importing.take('file-1');
    break;
  case 'import-file':
    lab.importing.begin();
    await lab.importing.take('file-1');
    break;
  case 'import-pictures':
    lab.importing.begin();
    await lab.importing.take('folder-pictures');
    break;
  case 'import-progress':
    lab.importing.begin();
    await lab.importing.take('file-1');
    void lab.importing.import();
    break;
  case 'import-done': {
    lab.importing.begin();
    await lab.importing.take('file-1');
    const done = lab.importing.import();
    client.endImport(fakeDataset(1));
    await done;
    break;
  }
  case 'take':
    await lab.taking.look('file-2');
    for (const part of PARTS.filter((x) => asked.getAll('part').includes(x))) lab.taking.tick(part, true);
    for (const name of asked.getAll('variant')) lab.taking.tickVariant(name, true);
    lab.taking.setWhole(asked.has('whole'));
    break;
  case 'take-refused':
    client.failNext('project.look', new LabError('FILE_FOREIGN', 'none', { file: '/home/ada/labs/notes.overfit' }));
    await lab.taking.look('file-2');
    break;
  case 'take-progress':
    await lab.taking.look('file-2');
    lab.taking.tick('data', true);
    client.holdNext('dataset.take');
    void lab.taking.take();
    client.publish('dataset.progressed', { handle: 'file-2', phase: 'storing', done: 73_400_000, total: 181_000_000 });
    break;
  case 'steps':
    lab.importing.use(fakeDataset(1));
    await lab.editor?.flush();
    document.querySelector('aside')?.scrollTo(0, Number(asked.get('at') ?? 0));
    break;
  case 'question':
    void lab.files.newProject('regression');
    break;
  default:
}
document.documentElement.dataset['ready'] = 'true';
