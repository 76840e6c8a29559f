// Arrays and pictures between the parsers and the contract: what they hold, and some of it to see.
import {
  ImportError,
  inspectArrays,
  inspectCifar,
  inspectIdx,
  inspectImages,
  readArrays,
  readImages,
} from '../../engine/data/import/index.ts';
import type { StoredColumns, StoredPictures } from '../../engine/data/index.ts';
import type { ImportOptions, ImportPreview } from '../contract/shapes.ts';
import type { ChosenFiles } from './import-files.ts';

/** Arrays up to here are read to be shown; of larger ones only the sizes are. */
const SHOWN_BELOW_BYTES = 64 * 2 ** 20;
const SHOWN_ROWS = 20;
const SHOWN_PICTURES = 24;
const EXAMPLES = 4;

type Preview = Pick<ImportPreview, 'format' | 'rows'> & Partial<ImportPreview>;

const previewOf = ({ name, sizeBytes }: ChosenFiles, found: Preview): ImportPreview => ({
  source: name,
  sizeBytes,
  approximate: false,
  delimiter: null,
  header: null,
  decimal: null,
  columns: [],
  first: [],
  pictures: null,
  problems: [],
  ...found,
});

const sampleOf = ({ pixels, labels, shape, rows }: StoredPictures, count: number) => {
  const size = shape[0] * shape[1] * shape[2];
  const picked = Array.from({ length: Math.min(count, rows) }, (_, i) =>
    Math.floor((i * rows) / Math.min(count, rows)),
  );
  const sample = { pixels: new Uint8Array(picked.length * size), labels: new Int32Array(picked.length) };
  for (const [i, row] of picked.entries()) {
    sample.pixels.set(pixels.subarray(row * size, (row + 1) * size), i * size);
    sample.labels[i] = labels[row] ?? 0;
  }
  return sample;
};
const NO_SAMPLE = { pixels: new Uint8Array(), labels: new Int32Array() };

function columnsShown({ columns, rows }: StoredColumns): Pick<ImportPreview, 'columns' | 'first'> {
  const text = (column: StoredColumns['columns'][number], row: number): string => {
    const value = column.values[row] ?? NaN;
    if (column.kind === 'category') return column.categories[value] ?? '';
    return Number.isNaN(value) ? '' : String(value);
  };
  const shown = Array.from({ length: Math.min(rows, SHOWN_ROWS) }, (_, row) => row);
  return {
    columns: columns.map((column) => ({
      name: column.name,
      kind: column.kind,
      missing: shown.filter((row) => text(column, row) === '').length,
      examples: shown.slice(0, EXAMPLES).map((row) => text(column, row)),
    })),
    first: shown.map((row) => columns.map((column) => text(column, row))),
  };
}

/** @throws ImportError naming the file. */
export async function inspectArrayFiles(files: ChosenFiles): Promise<ImportPreview> {
  const { sources, sizeBytes } = files;
  const format = sources.some((x) => /\.npz$/i.test(x.name)) ? 'npz' : 'npy';
  const { rows } = await inspectArrays(sources);
  if (sizeBytes > SHOWN_BELOW_BYTES) return previewOf(files, { format, rows });
  const data = await readArrays(sources);
  if (data.kind === 'columns') return previewOf(files, { format, rows, ...columnsShown(data) });
  const { shape, classes } = data;
  const pictures = { shape: [...shape] as [number, number, number], classes, sample: sampleOf(data, SHOWN_PICTURES) };
  return previewOf(files, { format, rows, pictures });
}

/** @throws ImportError naming the file. */
export async function inspectIdxFiles(files: ChosenFiles): Promise<ImportPreview> {
  const found = (await inspectIdx(files.sources)).filter((x) => x.holds === 'pictures');
  const [, height = 1, width = 1] = found[0]?.sizes ?? [];
  return previewOf(files, {
    format: 'idx',
    rows: found.reduce((sum, x) => sum + (x.sizes[0] ?? 0), 0),
    pictures: { shape: [1, height, width], classes: [], sample: NO_SAMPLE },
  });
}

/** @throws ImportError naming the file. */
export async function inspectCifarFiles(files: ChosenFiles): Promise<ImportPreview> {
  const found = await inspectCifar(files.sources);
  return previewOf(files, {
    format: 'cifar',
    rows: found.files.reduce((sum, x) => sum + x.records, 0),
    pictures: { shape: [3, 32, 32], classes: [], sample: NO_SAMPLE },
  });
}

/** Some pictures of a folder, read; none of what cannot be read, which the whole reading will name. */
async function someOf({ sources }: ChosenFiles, resize: readonly [number, number]): Promise<StoredPictures | null> {
  // An archive is one source; unpacking it for a look would take as long as importing it.
  if (sources.length < 2) return null;
  const count = Math.min(sources.length, SHOWN_PICTURES);
  const some = Array.from({ length: count }, (_, i) => sources[Math.floor((i * sources.length) / count)]);
  try {
    return await readImages(
      some.flatMap((x) => (x ? [x] : [])),
      { resize },
    );
  } catch (error) {
    if (error instanceof ImportError) return null;
    throw error;
  }
}

/** @throws ImportError naming the file. */
export async function inspectPictures(files: ChosenFiles, options: ImportOptions | null): Promise<ImportPreview> {
  const { classes, shape, differs } = await inspectImages(files.sources);
  const [, height, width] = shape;
  const resize = options?.resize ?? null;
  const size = resize ?? ([height, width] as const);
  const some = await someOf(files, size);
  const names = classes.map((x) => x.name);
  const sample = some && sampleOf(some, SHOWN_PICTURES);
  const [expected, received] = [`${width} × ${height}`, differs ? `${differs.width} × ${differs.height}` : ''];
  return previewOf(files, {
    format: 'pictures',
    rows: classes.reduce((sum, x) => sum + x.pictures, 0),
    pictures: {
      shape: [some?.shape[0] ?? shape[0], size[0], size[1]],
      classes: names,
      // The classes of some pictures are some of the classes.
      sample: sample
        ? { ...sample, labels: sample.labels.map((x) => names.indexOf(some?.classes[x] ?? '')) }
        : NO_SAMPLE,
    },
    problems:
      differs === null || resize !== null
        ? []
        : [
            {
              code: 'SIZE_DIFFERS',
              message: `${differs.file}: is ${received}, but the first picture is ${expected}`,
              file: differs.file,
              row: null,
              column: null,
              params: { expected, received },
            },
          ],
  });
}
