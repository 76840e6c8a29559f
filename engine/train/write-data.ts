// Copies a data set into the arena, as it is: kernels gather batches from it row by row.
import { pixelTable, type DataSet, type Examples } from '../data/index.ts';
import type { TrainingPlan } from '../plan/index.ts';
import { fitInputs, SPLITS } from '../spec/index.ts';

export function writeData(plan: TrainingPlan, memory: ArrayBufferLike, data: DataSet): void {
  const bytes = new Uint8Array(memory);
  const put = (address: number, values: Examples['x'] | Examples['y']): void =>
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
  for (const split of SPLITS) {
    const [region, examples] = [plan.data[split], data.splits[split]];
    if (!region || !examples) continue;
    put(region.x, examples.x);
    put(region.target, examples.y);
  }
  if (plan.data.fit && data.fitAxes) put(plan.data.fit.x, fitInputs(data.fitAxes));
  if (data.normalization) put(plan.pixelTable, pixelTable(data.normalization.mean, data.normalization.std));
}
