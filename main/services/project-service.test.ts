import { existsSync, readFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { batch, change, disk, document, points, steps, temporaryFolder } from '../../test/project/sample.ts';
import { LabError } from '../contract/errors.ts';
import { createNodeProjects } from '../node/lab-files.ts';
import { openProject } from '../project/open.ts';
import type { Projects } from './lab.types.ts';

function setUp() {
  const home = temporaryFolder();
  const app = join(home, '.app');
  const start = () => createNodeProjects({ appVersion: '1.2.3', home, env: { OVERFIT_HOME: app } }).projects;
  const untitled = () => (existsSync(join(app, 'untitled')) ? readdirSync(join(app, 'untitled')) : []);
  return { home, app, start, untitled };
}
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof LabError ? error.code : error;
  }
  return 'nothing thrown';
};
/** Makes the current project one in which something was done. */
function work(projects: Projects, id: string): void {
  const { runs, state } = projects.current;
  const experiment = state.experiments[0];
  if (!experiment) throw new Error('no experiment');
  runs.create({
    id,
    experimentId: experiment.id,
    pressId: id,
    variant: 'L1',
    seed: 1,
    totalSteps: 500,
    createdAt: 1,
    experiment: experiment.document,
    weights: null,
  });
  runs.started(id, {
    device: { kind: 'cpu', simd: 'plain', threads: 1 },
    data: points(),
    dataDigest: 'a'.repeat(64),
    totalSteps: 500,
  });
  runs.append([batch(id, { steps: steps(1, 20), change: change('running', 20) })]);
}

describe('starting', () => {
  it('makes an untitled project of the regression example, which leaves nothing when nothing is done in it', () => {
    const { start, untitled } = setUp();
    const projects = start();
    const state = projects.openAtStart(null);
    expect(state).toMatchObject({ untitled: true, readOnly: null, damage: [] });
    expect(state.experiments.map((x) => x.document)).toEqual([document]);
    expect(state.name).toMatch(/^regression \d{4}-\d\d-\d\d \d\d-\d\d$/);
    expect(untitled().filter((x) => x.endsWith('.overfit'))).toHaveLength(1);
    projects.close();
    expect(untitled()).toEqual([]);
    expect(start().recent()).toEqual([]);
  });

  it('goes on with the last project, an untitled one too', () => {
    const { start } = setUp();
    const first = start();
    first.openAtStart(null);
    work(first, 'a');
    const { location } = first.current.state;
    first.close();
    const second = start();
    expect(second.openAtStart(null).location).toBe(location);
    expect(second.current.runs.summary('a')).toMatchObject({ status: 'interrupted', step: 20, resumable: true });
    second.close();
  });

  it('begins a new one while the last is open in another instance', () => {
    const { start, untitled } = setUp();
    const [first, second] = [start(), start()];
    first.openAtStart(null);
    const state = second.openAtStart(null);
    expect(state.readOnly).toBeNull();
    expect(state.location).not.toBe(first.current.state.location);
    expect(untitled().filter((x) => x.endsWith('.overfit'))).toHaveLength(2);
    first.close();
    second.close();
  });

  it('begins a new one when the last is gone or no longer a project', () => {
    const { start, home } = setUp();
    const path = join(home, 'mine.overfit');
    for (const spoil of ['', 'no project any more'] as const) {
      const first = start();
      first.openAtStart(null);
      first.saveAs(first.handleFor(path), true);
      first.close();
      disk.remove(path);
      if (spoil) writeFileSync(path, spoil);
      const second = start();
      expect(second.openAtStart(null).untitled).toBe(true);
      second.close();
      disk.remove(path);
    }
  });

  it('opens the file that it is given, or says why not', () => {
    const { start, home } = setUp();
    const first = start();
    first.openAtStart(null);
    const path = join(home, 'mine.overfit');
    first.saveAs(first.handleFor(path), false);
    first.close();
    const second = start();
    expect(second.openAtStart(path)).toMatchObject({ name: 'mine', location: path, untitled: false });
    second.close();
    expect(codeOf(() => start().openAtStart(join(home, 'other.overfit')))).toBe('FILE_NOT_FOUND');
  });
});

describe('saving as', () => {
  it('goes on in the new file, live runs too, and the untitled one is gone', () => {
    const { start, home, untitled } = setUp();
    const projects = start();
    projects.openAtStart(null);
    work(projects, 'a');
    const state = projects.saveAs(projects.handleFor(join(home, 'mine')), false);
    expect(state).toMatchObject({ name: 'mine', untitled: false, location: join(home, 'mine.overfit') });
    expect(untitled()).toEqual([]);
    projects.current.runs.append([batch('a', { steps: steps(21, 40) })]);
    expect(projects.current.runs.summary('a')).toMatchObject({ status: 'running', step: 40 });
    expect(projects.recent().map((x) => x.name)).toEqual(['mine']);
    projects.close();
    expect(readdirSync(home).sort()).toEqual(['.app', 'mine.overfit']);
  });

  it('asks before it replaces, and leaves a named project where it was', () => {
    const { start, home } = setUp();
    const projects = start();
    projects.openAtStart(null);
    const [a, b] = [join(home, 'a.overfit'), join(home, 'b.overfit')];
    projects.saveAs(projects.handleFor(a), false);
    work(projects, 'run');
    projects.saveAs(projects.handleFor(b), false);
    expect(codeOf(() => projects.saveAs(projects.handleFor(a), false))).toBe('FILE_EXISTS');
    // Who agreed to replace "a" was not asked about "a.overfit".
    expect(codeOf(() => projects.saveAs(projects.handleFor(join(home, 'a')), true))).toBe('FILE_EXISTS');
    expect(projects.current.state.location).toBe(b);
    expect(projects.saveAs(projects.handleFor(b), false).location).toBe(b);
    expect(projects.saveAs(projects.handleFor(a), true).location).toBe(a);
    projects.close();
    for (const path of [a, b]) {
      const file = openProject(disk, path, { access: 'read' });
      expect(file.runs.list()).toHaveLength(1);
      file.close();
    }
  });

  it('refuses a file that is open elsewhere, and stays with the current one', () => {
    const { start, home } = setUp();
    const [first, second] = [start(), start()];
    first.openAtStart(null);
    second.openAtStart(null);
    const path = join(home, 'a.overfit');
    first.saveAs(first.handleFor(path), false);
    const before = second.current.state;
    expect(codeOf(() => second.saveAs(second.handleFor(path), true))).toBe('FILE_IN_USE');
    expect(second.current.state).toEqual(before);
    expect(second.open(second.handleFor(path)).readOnly).toBe('in_use');
    // A read-only project saved elsewhere is one's own.
    const copy = second.saveAs(second.handleFor(join(home, 'copy.overfit')), false);
    expect(copy).toMatchObject({ readOnly: null, name: 'copy' });
    first.close();
    second.close();
  });
});

describe('opening and making', () => {
  it('stays with the current project when the other one cannot be opened', () => {
    const { start, home } = setUp();
    const projects = start();
    const before = projects.openAtStart(null);
    writeFileSync(join(home, 'x.overfit'), 'nonsense');
    expect(codeOf(() => projects.open(projects.handleFor(join(home, 'x.overfit'))))).toBe('FILE_FOREIGN');
    expect(codeOf(() => projects.open('a guessed handle'))).toBe('NOT_FOUND');
    expect(codeOf(() => projects.openNew('__proto__'))).toBe('NOT_FOUND');
    expect(projects.current.state).toEqual(before);
    projects.close();
  });

  it('can write once the other writer has left and the file is opened again', () => {
    const { start, home } = setUp();
    const [first, second] = [start(), start()];
    first.openAtStart(null);
    second.openAtStart(null);
    const path = join(home, 'a.overfit');
    first.saveAs(first.handleFor(path), false);
    const handle = second.handleFor(path);
    expect(second.open(handle).readOnly).toBe('in_use');
    first.close();
    expect(second.open(handle).readOnly).toBeNull();
    expect(second.open(handle).readOnly).toBeNull();
    second.close();
  });

  it('keeps an untitled project in which something was done, among the recent files', () => {
    const { start, untitled } = setUp();
    const projects = start();
    projects.openAtStart(null);
    work(projects, 'a');
    const { name, handle } = projects.current.state;
    const next = projects.openNew('regression');
    expect(next.name).not.toBe(name);
    expect(projects.recent().map((x) => x.name)).toEqual([next.name, name]);
    expect(projects.open(handle).name).toBe(name);
    expect(untitled().filter((x) => x.endsWith('.overfit'))).toHaveLength(1);
    projects.close();
  });

  it('begins an empty project, which is nothing yet', () => {
    const projects = setUp().start();
    const { name, experiments } = projects.openNew(null);
    expect(name).toMatch(/^experiment /);
    expect(experiments).toHaveLength(1);
    expect(experiments[0]?.document).toMatchObject({ data: { type: 'table', x: [] }, model: { layers: [] } });
    projects.close();
  });

  it('stores edits with a new revision and names what is wrong with others', () => {
    const { start } = setUp();
    const projects = start();
    const id = projects.openAtStart(null).experiments[0]?.id ?? '';
    const edited = { ...document, seed: 5 };
    expect(projects.updateExperiment(id, edited)).toEqual({ id, revision: 2, document: edited });
    expect(projects.current.state.experiments[0]).toEqual({ id, revision: 2, document: edited });
    expect(codeOf(() => projects.updateExperiment(id, { ...document, seed: 0.5 }))).toMatchObject({
      code: 'INVALID_DOCUMENT',
      problems: [{ path: 'seed', code: 'not_an_integer' }],
    });
    projects.close();
  });

  it('lists the examples', () => {
    const examples = setUp().start().examples();
    expect(examples.map((x) => x.name)).toEqual(Object.keys(EXAMPLES));
    expect(examples[0]).toEqual({ name: 'regression', description: document.description });
  });
});

describe('the folder chooser', () => {
  function withFolders() {
    const { home, start } = setUp();
    for (const name of ['b', 'A', '.hidden', 'A/deep']) mkdirSync(join(home, name));
    for (const name of ['z.overfit', 'notes.txt', 'table.csv', '.secret.overfit', 'A/inner.overfit'])
      writeFileSync(join(home, name), '');
    const outside = temporaryFolder();
    mkdirSync(join(outside, 'sub'));
    writeFileSync(join(outside, 'theirs.overfit'), '');
    symlinkSync(outside, join(home, 'way-out'));
    symlinkSync(join(outside, 'theirs.overfit'), join(home, 'theirs.overfit'));
    symlinkSync(join(home, 'A'), join(home, 'way-in'));
    symlinkSync(join(home, 'nowhere'), join(home, 'broken'));
    const projects = start();
    projects.openAtStart(null);
    return { home, outside, projects };
  }

  it('shows folders and projects of the home folder, and no way out of it', () => {
    const { home, outside, projects } = withFolders();
    const listing = projects.listFolder(null, 'project');
    expect(listing.location).toBe(home);
    expect(listing.parent).toBeNull();
    expect(listing.entries.map((x) => [x.kind, x.name])).toEqual([
      ['folder', 'A'],
      ['folder', 'b'],
      ['folder', 'way-in'],
      ['file', 'z.overfit'],
    ]);
    expect(projects.listFolder(null, 'csv').entries.map((x) => x.name)).toEqual(['A', 'b', 'way-in', 'table.csv']);
    expect(projects.listFolder(null, 'data').entries.map((x) => x.name)).toEqual([
      'A',
      'b',
      'way-in',
      'notes.txt',
      'table.csv',
    ]);
    expect(projects.listFolder(null, 'folder').entries.map((x) => x.name)).toEqual(['A', 'b', 'way-in']);
    const inner = projects.listFolder(listing.entries[0]?.handle ?? '', 'project');
    expect(inner.entries.map((x) => x.name)).toEqual(['deep', 'inner.overfit']);
    expect(inner.parent).toBe(listing.handle);
    expect(projects.listFolder(listing.entries[2]?.handle ?? '', 'project').location).toBe(join(home, 'A'));

    expect(codeOf(() => projects.listFolder(projects.handleFor(outside), 'project'))).toBe('FORBIDDEN');
    expect(codeOf(() => projects.listFolder(projects.handleFor(join(home, 'way-out', 'sub')), 'project'))).toBe(
      'FORBIDDEN',
    );
    expect(codeOf(() => projects.listFolder('/', 'project'))).toBe('NOT_FOUND');
    expect(codeOf(() => projects.listFolder(projects.handleFor(join(home, 'nothing')), 'project'))).toBe(
      'FILE_NOT_FOUND',
    );
    projects.close();
  });

  it('also shows the folder of the open project', () => {
    const { outside, projects } = withFolders();
    projects.saveAs(projects.handleFor(join(outside, 'mine.overfit')), false);
    const listing = projects.listFolder(null, 'project');
    expect([listing.location, listing.parent]).toEqual([outside, null]);
    expect(listing.entries.map((x) => x.name)).toEqual(['sub', 'mine.overfit', 'theirs.overfit']);
    projects.close();
  });

  it('names files in listed folders only', () => {
    const { home, outside, projects } = withFolders();
    const { handle } = projects.listFolder(null, 'project');
    expect(projects.saveAs(projects.fileIn(handle, 'new one', 'project'), false).location).toBe(
      join(home, 'new one.overfit'),
    );
    expect(projects.fileIn(handle, 'Z.Overfit', 'project')).toBe(projects.handleFor(join(home, 'Z.Overfit')));
    for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'a\0b', 'nul', 'C:x', ' x', 'x'.repeat(250)])
      expect([name, codeOf(() => projects.fileIn(handle, name, 'project'))]).toEqual([name, 'BAD_INPUT']);
    // A link in the folder that leads elsewhere.
    expect(codeOf(() => projects.fileIn(handle, 'theirs', 'project'))).toBe('FORBIDDEN');
    expect(codeOf(() => projects.fileIn(projects.handleFor(outside), 'x', 'csv'))).toBe('FORBIDDEN');
    projects.close();
  });

  it('gives each kind of file its ending', () => {
    const { home, projects } = withFolders();
    const { handle } = projects.listFolder(null, 'project');
    expect(projects.fileIn(handle, 'net', 'onnx')).toBe(projects.handleFor(join(home, 'net.onnx')));
    expect(projects.fileIn(handle, 'Net.PY', 'pytorch')).toBe(projects.handleFor(join(home, 'Net.PY')));
    projects.close();
  });

  it('writes files where a handle says, the others beside it; replaces nothing unasked, and then nothing at all', () => {
    const { home, projects } = withFolders();
    const { handle } = projects.listFolder(null, 'project');
    const bytes = (text: string) => new TextEncoder().encode(text);
    const files = (text: string) => [
      { name: 'whatever.py', bytes: bytes(text) },
      { name: 'pictures.npz', bytes: bytes(`${text} pictures`) },
    ];
    const read = (name: string) => readFileSync(join(home, name), 'utf8');
    const script = projects.fileIn(handle, 'script', 'pytorch');
    projects.writeFiles(script, 'pytorch', files('one'), false);
    expect([read('script.py'), read('pictures.npz')]).toEqual(['one', 'one pictures']);
    expect(codeOf(() => projects.writeFiles(script, 'pytorch', files('two'), false))).toBe('FILE_EXISTS');
    // Also when only what lies beside it is there already.
    const other = projects.fileIn(handle, 'other', 'pytorch');
    expect(codeOf(() => projects.writeFiles(other, 'pytorch', files('two'), false))).toBe('FILE_EXISTS');
    expect([read('script.py'), read('pictures.npz')]).toEqual(['one', 'one pictures']);
    projects.writeFiles(script, 'pytorch', files('three'), true);
    expect([read('script.py'), read('pictures.npz')]).toEqual(['three', 'three pictures']);
    // A name from elsewhere leads nowhere else.
    projects.writeFiles(
      script,
      'pytorch',
      [...files('four').slice(0, 1), { name: '../up.txt', bytes: bytes('x') }],
      true,
    );
    expect(read('up.txt')).toBe('x');
    // Agreed to was "plain", not "plain.csv".
    projects.writeFiles(projects.handleFor(join(home, 'plain')), 'csv', files('five').slice(0, 1), true);
    const again = () =>
      projects.writeFiles(projects.handleFor(join(home, 'plain')), 'csv', files('six').slice(0, 1), true);
    expect(codeOf(again)).toBe('FILE_EXISTS');
    projects.close();
  });
});
