// Projects with imported data on the command line: run, check, and export with the data beside the script.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { DatasetEntry } from '../../main/contract/shapes.ts';
import { createNodeDatasets } from '../../main/node/dataset-reader.ts';
import { createProjectFile } from '../../main/node/lab-files.ts';
import { makeFolder, type Folder } from './overfit.ts';

const OPTIONS = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} } as const;
let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => {
  folder.remove();
});

function documentOn(entry: DatasetEntry): ExperimentSpec {
  const regression = parseExperiment(EXAMPLES['regression']);
  return parseExperiment({
    ...regression,
    data: entry.described,
    recipe: { ...regression.recipe, steps: 3 },
    variants: regression.variants.slice(0, 1),
  });
}

/** A project of one experiment on forty rows of y = 2 x, of which two lack x. */
async function project(name: string, holdsData = true): Promise<void> {
  const rows = Array.from({ length: 40 }, (_, i) => `${i === 7 || i === 9 ? '' : i / 10},${i / 5}`);
  writeFileSync(folder.file('line.csv'), ['x,y', ...rows].join('\n'));
  const reader = createNodeDatasets(join(folder.path, 'reading'));
  const signal = new AbortController().signal;
  const read = await reader.read(folder.file('line.csv'), OPTIONS, { signal, onProgress: () => undefined });
  const entry: DatasetEntry = { ...read.entry, createdAt: 1 };
  const file = createProjectFile(folder.file(name), [documentOn(entry)], '0.0.0');
  if (holdsData) {
    let position = 0;
    for await (const chunk of read.chunks()) file.datasets.addChunk(entry.digest, position++, chunk);
    file.datasets.finish(entry);
  }
  file.close();
  await read.discard();
  await reader.close();
}

it('runs, checks and exports a project with imported data', async () => {
  await project('line.overfit');
  const ran = await folder.overfit('run', 'line.overfit');
  expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('cannot') as string]);
  expect((await folder.overfit('check', 'line.overfit')).code).toBe(0);
  const exported = await folder.overfit('export', 'line.overfit', '--format', 'pytorch', '--out', 'line.py');
  expect([exported.code, exported.stderr]).toEqual([0, expect.stringContaining('line.py') as string]);
  expect(existsSync(folder.file('regression-data.npz'))).toBe(true);
});

it('names a data set that is not there, and one that is damaged', async () => {
  await project('without.overfit', false);
  const without = await folder.overfit('run', 'without.overfit');
  expect(without.code).not.toBe(0);
  expect(without.stderr).toContain('the data set "line" is not in this project');
  await project('broken.overfit');
  const database = new DatabaseSync(folder.file('broken.overfit'));
  database.exec('UPDATE dataset_chunks SET bytes = zeroblob(octet_length(bytes))');
  database.close();
  const broken = await folder.overfit('run', 'broken.overfit');
  expect(broken.code).not.toBe(0);
  expect(broken.stderr).toContain('part 1 of the data set "line" is not what was stored');
  expect((await folder.overfit('check', 'broken.overfit')).code).not.toBe(0);
});
