// The lab's own pictures for PyTorch to be trained on: drawn by its own code, so a recorder gets them from here.
import { loadData } from '../data/index.ts';
import { Generator } from '../random/index.ts';
import { elements, SPLITS, type ExperimentSpec } from '../spec/index.ts';

/** `train.bin`, `validation.bin` and `test.bin` in CIFAR-10's form: a byte of label, then the pixels, per picture. */
export async function pictureFiles({ data, seed }: ExperimentSpec): Promise<ReadonlyMap<string, Uint8Array>> {
  const { input, splits } = await loadData(data, Generator.manualSeed(seed));
  const size = elements(input);
  return new Map(
    SPLITS.map((split) => {
      const { rows, x, y } = splits[split] ?? { rows: 0, x: new Uint8Array(), y: new Int32Array() };
      const bytes = new Uint8Array(rows * (1 + size));
      for (let i = 0; i < rows; i++) {
        bytes[i * (1 + size)] = y[i] as number;
        bytes.set(x.subarray(i * size, (i + 1) * size), i * (1 + size) + 1);
      }
      return [`${split}.bin`, bytes];
    }),
  );
}
