// What becomes of a dropped file: by its kind, and by whether the host can say where it lies.
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import type { FakeScenario } from '../host/fake.ts';
import TestImport from '../features/importing/TestImport.svelte';
import { showing } from '../features/test-show.ts';

const show = showing(EXAMPLES['regression']);
const file = (name: string, folder = false) => ({ name, folder });
async function lab(scenario: FakeScenario = 'finished') {
  const shown = await show(TestImport, scenario);
  const said = () => shown.lab.notices.list.map((x) => x.word(shown.lab.preferences.translator));
  const asked = (method: string) => shown.client.calls.filter((x) => x.method === method).map((x) => x.input);
  return { ...shown, said, asked };
}

describe('where the host says where it lies', () => {
  it('a project is opened, as with Open', async () => {
    const { lab: x, client, asked } = await lab();
    client.publish('file.dropped', { name: 'fits.overfit', kind: 'project', handle: 'file-1' });
    await x.files.loadRecent();
    expect(asked('project.open')).toEqual([{ handle: 'file-1' }]);
  });

  it('running trainings are asked about first', async () => {
    const { lab: x, client, asked } = await lab('running');
    client.publish('file.dropped', { name: 'fits.overfit', kind: 'project', handle: 'file-1' });
    flushSync();
    expect(x.questions.current).not.toBeNull();
    expect(asked('project.open')).toEqual([]);
  });

  it('data are looked at in the window of the import', async () => {
    const { lab: x, client, asked } = await lab();
    client.publish('file.dropped', { name: 'iris.csv', kind: 'data', handle: 'file-1' });
    await x.files.loadRecent();
    expect(x.importing).toMatchObject({ open: true, handle: 'file-1', dropped: null });
    expect(asked('dataset.inspect')).toEqual([{ handle: 'file-1', options: null }]);
  });

  it('anything else is told what could be dropped', async () => {
    const { lab: x, client, said } = await lab();
    client.publish('file.dropped', { name: 'letter.docx', kind: 'other', handle: null });
    expect(said()[0]).toMatch(/^letter\.docx is neither a project/);
    expect(x.importing.open).toBe(false);
  });
});

describe('where only the name is known', () => {
  it('data are chosen in the window of the import, which says why', async () => {
    const { lab: x, text } = await lab();
    await x.dropping.drop([file('flowers', true)]);
    flushSync();
    expect(x.importing).toMatchObject({ open: true, handle: null });
    expect(text()).toContain('A browser does not say where flowers lies. Choose it here.');
    x.importing.begin();
    flushSync();
    expect(text()).not.toContain('flowers lies');
  });

  it('a project is to be opened with Open, and anything else is none', async () => {
    const { lab: x, said } = await lab();
    await x.dropping.drop([file('fits.overfit')]);
    expect(said()).toEqual([
      'A browser does not say where fits.overfit lies. Open it with “Open…” in the menu “Project”.',
    ]);
    await x.dropping.drop([file('letter.docx')]);
    expect(said()[0]).toMatch(/^letter\.docx is neither/);
  });

  it('several at once are refused', async () => {
    const { lab: x, said, asked } = await lab();
    await x.dropping.drop([file('a.csv'), file('b.csv')]);
    expect(said()).toEqual(['One file or folder at a time, please.']);
    expect(asked('file.kind')).toEqual([]);
  });

  it('nothing is imported into a project that can only be read', async () => {
    const { lab: x, said } = await lab('read-only');
    await x.dropping.drop([file('a.csv')]);
    expect(x.importing.open).toBe(false);
    expect(said()).toHaveLength(1);
  });
});
