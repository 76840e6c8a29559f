// How a script begins: what it is, how it is run, and its arguments.
import type { ScriptContext } from './context.ts';
import { docstring, plain, pyString, type Part } from './text.ts';

export interface Head {
  /** Before the imports. */
  readonly doc: readonly string[];
  /** After them. */
  readonly part: Part;
}

/**
 * @param script its own file name.
 * @param file the data file beside it, when there is one.
 * @param about paragraphs on what the numbers are.
 */
export function scriptHead(
  context: ScriptContext,
  script: string,
  file: string | null,
  about: readonly string[],
): Head {
  const { experiment, variant, seed } = context.input;
  const cifar = context.variant.data.type === 'cifar10';
  const call = `    python ${script}${cifar ? ' cifar-10-binary.tar.gz' : ''}`;
  const calls = [`${call}`, `${call} --json`];
  const width = Math.max(...calls.map((x) => x.length)) + 3;
  const description = experiment.description === '' ? [] : ['', plain(experiment.description)];
  const beside = file === null ? [] : ['', `It reads ${file}, which lies beside it.`];
  const path = pyString('the folder with data_batch_1.bin to test_batch.bin, or the archive (.tar.gz)');
  return {
    doc: docstring([
      `${plain(experiment.name)}, variant ${plain(variant)}, seed ${seed}: a run of Overfit Lab as a script.`,
      ...description,
      '',
      `${(calls[0] ?? '').padEnd(width)}prints the losses while it trains`,
      `${(calls[1] ?? '').padEnd(width)}the same numbers for programs, one JSON object a line`,
      ...beside,
      '',
      ...about,
    ]),
    part: {
      imports: ['argparse', 'json'],
      lines: [
        'parser = argparse.ArgumentParser()',
        ...(cifar ? [`parser.add_argument("cifar10", help=${path})`] : []),
        'parser.add_argument("--json", action="store_true", help="print one JSON object a line")',
        'args = parser.parse_args()',
        '',
      ],
    },
  };
}
