// What is written for the programs that exports are for: every document once, with the lab's own losses.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { pytorchScript } from '../interop/index.ts';
import { parseExperiment } from '../spec/index.ts';
import { createSession } from '../train/index.ts';
import { DOCUMENTS } from './export-documents.ts';
import { writeExports } from './exports.ts';
import { ulpDistance } from './difference.ts';

/** Losses of the exported script of "changes during the run", by PyTorch 2.13.0. */
const CHANGED = [
  0.7571834325790405, 0.6854796409606934, 0.6239122152328491, 0.5971442461013794, 0.514873743057251,
  0.47596579790115356, 0.4733651578426361, 0.49512356519699097, 0.4244333803653717, 0.5140942335128784,
  0.498116672039032, 0.4404880404472351,
];

it('a run that was changed goes on as PyTorch does, betas included', async () => {
  const { document, events = [] } = DOCUMENTS.find((x) => x.name === 'changes during the run') ?? {};
  const experiment = parseExperiment(document);
  expect(events.map((x) => x.path)).toContain('recipe.optimizer.betas');
  const session = await createSession({ experiment, variant: 'base', seed: experiment.seed, threads: 1, events });
  const losses = [...(session.advance(CHANGED.length).steps?.train_loss ?? [])];
  await session.dispose();
  expect(losses).toHaveLength(CHANGED.length);
  // Two orders of summation.
  for (const [i, loss] of losses.entries()) expect(ulpDistance(loss, CHANGED[i] ?? 0)).toBeLessThanOrEqual(2);
});

it('pictures of any size are cropped to their size', () => {
  const { document } = DOCUMENTS.find((x) => x.name === 'long table of pictures') ?? {};
  const experiment = parseExperiment(document);
  const [script] = pytorchScript({ experiment, variant: 'base', seed: 1 }).files.values();
  expect(script).toContain('height, width = x.shape[2:]');
  expect(script).toContain('image[:, top : top + height, left : left + width]');
});

describe('the folder for check_exports.py', async () => {
  const written = new Map<string, string | Uint8Array>();
  const manifest = await writeExports((path, content) => written.set(path, content), EXAMPLES);

  it('has a place of its own for every document and every example’s variants', () => {
    expect(manifest.length).toBeGreaterThan(DOCUMENTS.length + 8);
    expect(new Set(manifest.map((x) => x.folder)).size).toBe(manifest.length);
    for (const name of ['example regression L1', 'example cnn all', 'example numpy-dropout as printed'])
      expect(manifest.map((x) => x.name)).toContain(name);
  });

  it('has the lab’s losses beside every script', () => {
    for (const { folder, pytorch, numpy } of manifest) {
      for (const name of [pytorch, ...(numpy === null ? [] : [numpy]), 'model.onnx', 'model.safetensors'])
        expect(written.get(`${folder}/${name}`)?.length, name).toBeGreaterThan(0);
      const lab = JSON.parse(String(written.get(`${folder}/lab.json`))) as { train_loss: number[]; evaluations: [] };
      expect(lab.train_loss.length).toBeGreaterThan(2);
      expect(lab.evaluations.length).toBeGreaterThan(1);
    }
  });
}, 120_000);
