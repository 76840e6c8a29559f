// Imports over a real project in memory; only the reader is made up, so that it can stop or break at every moment.
import { describe, expect, it } from 'vitest';
import { dataset } from '../../test/project/datasets.ts';
import { disk, document } from '../../test/project/rows.ts';
import { LabError } from '../contract/errors.ts';
import type { DatasetProgress } from '../contract/shapes.ts';
import { createProjectInMemory } from '../project/open.ts';
import { createDatasetService, datasetFile } from './dataset-service.ts';
import type { OpenProject } from './lab.types.ts';
import type { DatasetReader } from './ports.ts';

const { createdAt: _, ...entry } = dataset.entry;
const OPTIONS = { delimiter: null, header: null, decimal: null, resize: null, kinds: {} } as const;
const going = new AbortController().signal;
const unused = () => Promise.reject(new Error('not part of this test'));

function bench(options: { readonly readOnly?: 'in_use' } = {}) {
  const file = createProjectInMemory(disk, {
    experiments: [{ id: 'experiment-1', document }],
    meta: {},
    now: 1,
  });
  const project: OpenProject = {
    state: {
      handle: 'h',
      name: '',
      location: '',
      untitled: true,
      readOnly: options.readOnly ?? null,
      damage: [],
      experiments: file.experiments(),
    },
    runs: file.runs,
    datasets: file.datasets,
    certificate: () => null,
    storeCertificate: () => undefined,
  };
  const progress: DatasetProgress[] = [];
  const did: string[] = [];
  /** Called before each chunk is handed out. */
  const moments = {
    beforeChunk: (_position: number): void => undefined,
    reading: (): Promise<void> => Promise.resolve(),
  };
  const reader: DatasetReader = {
    inspect: unused,
    async read(path, _options, { onProgress }) {
      did.push(`read ${path}`);
      onProgress(500, 1000);
      await moments.reading();
      return {
        entry,
        async *chunks() {
          for (let at = 0; at < dataset.bytes.length; at += 400) {
            moments.beforeChunk(at / 400);
            yield dataset.bytes.subarray(at, at + 400);
          }
        },
        keep: async () => void did.push('keep'),
        discard: async () => void did.push('discard'),
      };
    },
    file: async (digest, chunks) => {
      did.push(`file of ${[...chunks()].reduce((sum, x) => sum + x.length, 0)} bytes`);
      return `/cache/${digest}`;
    },
    chunks: () => {
      throw new Error('not part of this test');
    },
    forget: async () => void did.push('forget'),
    rows: async (_file, from, count) => ({
      kind: 'columns',
      from,
      total: 150,
      cells: Array.from({ length: count }, () => []),
    }),
    report: unused,
    column: async () => null,
    pair: async () => null,
    preview: unused,
    close: async () => void did.push('close'),
  };
  const service = createDatasetService({
    reader,
    project: () => project,
    pathOf: (handle) => `/home/${handle}`,
    openOther: () => {
      throw new Error('not part of this test');
    },
    clock: { now: () => dataset.entry.createdAt },
    publisher: {
      publish: (stream, event) => {
        if (stream === 'dataset.progressed') progress.push(event as DatasetProgress);
      },
    },
  });
  /** Chunks that lie in the project without a data set. */
  const isClean = () => {
    try {
      file.datasets.finish(dataset.entry);
      return false;
    } catch (error) {
      return error instanceof LabError && error.code === 'FILE_DAMAGED' && file.datasets.list().length === 0;
    }
  };
  return { service, file, reader, progress, did, moments, isClean };
}

describe('an import', () => {
  it('stores all of it, says how far it is, and keeps the file for the engine', async () => {
    const { service, file, progress, did } = bench();
    expect(await service.import('flowers', OPTIONS, going)).toEqual(dataset.entry);
    expect(service.list()).toEqual([dataset.entry]);
    expect(Buffer.concat([...file.datasets.chunks(entry.digest)])).toEqual(Buffer.from(dataset.bytes));
    expect(progress.map((x) => [x.handle, x.phase, x.done, x.total])).toEqual([
      ['flowers', 'reading', 500, 1000],
      ['flowers', 'storing', 400, 1000],
      ['flowers', 'storing', 800, 1000],
      ['flowers', 'storing', 1000, 1000],
    ]);
    expect(did).toEqual(['read /home/flowers', 'keep', 'discard']);
  });

  it('of the same data stores nothing again', async () => {
    const { service, did } = bench();
    await service.import('flowers', OPTIONS, going);
    expect(await service.import('copy', OPTIONS, going)).toEqual(dataset.entry);
    expect(service.list()).toHaveLength(1);
    expect(did.filter((x) => x === 'keep')).toHaveLength(1);
  });

  it.each([0, 1, 2])('that is cancelled before part %i leaves nothing', async (position) => {
    const { service, moments, did, isClean } = bench();
    const stop = new AbortController();
    moments.beforeChunk = (at) => {
      if (at === position) stop.abort();
    };
    await expect(service.import('flowers', OPTIONS, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(isClean()).toBe(true);
    expect(did.at(-1)).toBe('discard');
  });

  it('that fails while it is stored leaves nothing, and says why', async () => {
    const { service, moments, isClean, did } = bench();
    moments.beforeChunk = (at) => {
      if (at === 2) throw new LabError('DISK_FULL', 'no room');
    };
    await expect(service.import('flowers', OPTIONS, going)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(isClean()).toBe(true);
    expect(did.at(-1)).toBe('discard');
  });

  it('goes on alone, and ends before the project is left', async () => {
    const { service, moments, isClean } = bench();
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    moments.reading = () => hold;
    const first = service.import('flowers', OPTIONS, going);
    await expect(service.import('others', OPTIONS, going)).rejects.toMatchObject({ code: 'BUSY' });
    const stopped = service.stop();
    release();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    await stopped;
    expect(isClean()).toBe(true);
    // Another one can begin.
    moments.reading = () => Promise.resolve();
    expect(await service.import('others', OPTIONS, going)).toMatchObject({ name: 'iris' });
  });

  it('into a project that may not be written reads nothing', async () => {
    const { service, did } = bench({ readOnly: 'in_use' });
    await expect(service.import('flowers', OPTIONS, going)).rejects.toMatchObject({ code: 'READ_ONLY' });
    expect(did).toEqual([]);
  });
});

describe('a stored data set', () => {
  it('is not deleted while somebody has it, who is named', async () => {
    const { service, file, did } = bench();
    await service.import('flowers', OPTIONS, going);
    file.updateExperiment('experiment-1', { ...document, description: `learns ${entry.digest}` }, 2);
    await expect(service.delete(entry.digest)).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      details: { name: 'iris', experiments: [document.name], runs: [] },
    });
    expect(service.list()).toHaveLength(1);
    file.updateExperiment('experiment-1', document, 3);
    await service.delete(entry.digest);
    expect(service.list()).toEqual([]);
    expect(did.at(-1)).toBe('forget');
    await expect(service.delete(entry.digest)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('becomes a file of all its chunks, and is named when it is missing or damaged', async () => {
    const { service, file, reader, did } = bench();
    const data = entry.described;
    await expect(datasetFile(file.datasets, reader, data, going)).rejects.toMatchObject({
      code: 'DATA_MISSING',
      details: { dataset: 'iris' },
    });
    await service.import('flowers', OPTIONS, going);
    expect(await datasetFile(file.datasets, reader, data, going)).toBe(`/cache/${entry.digest}`);
    expect(did.at(-1)).toBe('file of 1000 bytes');
    const broken = { file: () => Promise.reject(new LabError('FILE_DAMAGED', 'part 2 is not what was stored')) };
    await expect(datasetFile(file.datasets, broken, data, going)).rejects.toMatchObject({
      code: 'BAD_DATA_FILE',
      details: { file: 'iris' },
    });
  });

  it('gives at most a thousand rows at once', async () => {
    const { service } = bench();
    await expect(service.rows(entry.digest, 0, 10, going)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await service.import('flowers', OPTIONS, going);
    expect(await service.rows(entry.digest, 7, 5000, going)).toMatchObject({ from: 7, cells: { length: 1000 } });
  });

  it('of pictures, or of another column, has no summary of a column', async () => {
    const { service, did } = bench();
    await service.import('flowers', OPTIONS, going);
    const missing = { code: 'NOT_FOUND', details: { what: 'column', id: '7' } };
    await expect(service.column(entry.described, 7, going)).rejects.toMatchObject(missing);
    const before = did.length;
    const pictures = { shape: [1, 2, 2] as [number, number, number], classes: 2, mean: [0], std: [1] };
    await expect(service.column({ ...entry.described, pictures }, 7, going)).rejects.toMatchObject(missing);
    expect(did).toHaveLength(before);
  });

  it('that the project lacks has no preview', async () => {
    const { service } = bench();
    expect(await service.preview(entry.described, going)).toBeNull();
  });

  it('the reader ends with the lab', async () => {
    const { service, did } = bench();
    await service.close();
    expect(did).toEqual(['close']);
  });
});
