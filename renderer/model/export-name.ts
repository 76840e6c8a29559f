// What a file that is taken away is called before the person says otherwise.
import type { ExportFormat, RunSummary } from '../../main/contract/shapes.ts';

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  pytorch: '.py',
  numpy: '-numpy.py',
  onnx: '.onnx',
  safetensors: '.safetensors',
  csv: '.csv',
};

/** What becomes part of a file's name; the rest is left out. */
const plain = (text: string): string => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');

/** `regression-dropout-12.onnx`: the experiment, the variant and the run's number; `-best` for the best step's weights. */
export function exportName(
  { experiment, variant, number }: Pick<RunSummary, 'experiment' | 'variant' | 'number'>,
  format: ExportFormat,
  weights: 'last' | 'best',
): string {
  const parts = [plain(experiment.name), plain(variant), String(number)].filter((x) => x !== '');
  return `${parts.join('-')}${weights === 'best' ? '-best' : ''}${ENDINGS[format]}`;
}
