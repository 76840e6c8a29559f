// What a file that is taken away is called before the person says otherwise.
import type { ExportFormat, FileKind, PointFormat, RunSummary } from '../../main/contract/shapes.ts';

const ENDINGS: Readonly<Record<FileKind, string>> = {
  project: '.overfit',
  pytorch: '.py',
  numpy: '.py',
  onnx: '.onnx',
  safetensors: '.safetensors',
  csv: '.csv',
  npz: '.npz',
};

/** The name with its kind's ending, which may be there already in any case of letters. */
export const withEnding = (name: string, kind: FileKind): string =>
  name.toLowerCase().endsWith(ENDINGS[kind]) ? name : `${name}${ENDINGS[kind]}`;

/** What becomes part of a file's name; the rest is left out. */
const plain = (text: string): string => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');

/** `regression-dropout-12.onnx`: the experiment, the variant and the run's number; `-best` for the best step's weights. */
export function exportName(
  { experiment, variant, number }: Pick<RunSummary, 'experiment' | 'variant' | 'number'>,
  format: ExportFormat,
  weights: 'last' | 'best',
): string {
  const parts = [plain(experiment.name), plain(variant), String(number)].filter((x) => x !== '');
  // Two scripts of one run must not be taken for each other.
  const kind = format === 'numpy' ? '-numpy' : weights === 'best' ? '-best' : '';
  return withEnding(`${parts.join('-')}${kind}`, format);
}

/** What a file of every example is: NumPy's arrays go into one archive. */
export const POINT_KINDS = { csv: 'csv', npy: 'npz' } as const satisfies Record<PointFormat, FileKind>;

/** `regression-points.csv`. */
export const pointsName = (experiment: string, format: PointFormat): string =>
  withEnding([plain(experiment), 'points'].filter((x) => x !== '').join('-'), POINT_KINDS[format]);
