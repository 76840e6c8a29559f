// The model alone as code: what the whole script says of it, in both languages, and what cannot be said.
import { describe, expect, it } from 'vitest';
import cnn from '../../assets/examples/cnn.json' with { type: 'json' };
import numpyDropout from '../../assets/examples/numpy-dropout.json' with { type: 'json' };
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { parseExperiment } from '../spec/index.ts';
import { modelCode } from './model-code.ts';
import { numpyScript } from './numpy/script.ts';
import { pytorchScript } from './pytorch/script.ts';

const EXAMPLES = { cnn, 'numpy-dropout': numpyDropout, regression } as const;
const script = (files: ReadonlyMap<string, string | Uint8Array>): string => String([...files.values()][0]);
const each = Object.entries(EXAMPLES).flatMap(([name, source]) =>
  source.variants.map((variant) => [name, variant.name, parseExperiment(source)] as const),
);
/** Whose scripts need no pictures beside them. */
const small = each.filter(([name]) => name !== 'cnn');

describe('a model as code', () => {
  it.each(small)('%s, %s: every line of it is in the whole PyTorch script', (_, variant, experiment) => {
    const whole = new Set(
      script(pytorchScript({ experiment, variant, seed: experiment.seed }).files)
        .split('\n')
        .map((x) => x.trim()),
    );
    const lines = modelCode(experiment, variant, 'pytorch')
      .split('\n')
      .map((x) => x.trim())
      // Several nets of one kind are made by a function there.
      .filter((x) => x !== 'net = nn.Sequential(');
    expect(lines.filter((x) => !whole.has(x))).toEqual([]);
  });

  it.each(small)('%s, %s: predicts as the NumPy script does', (_, variant, experiment) => {
    const predict = (text: string) => /^def predict[^]*?^ {4}return .*$/m.exec(text)?.[0];
    const own = predict(modelCode(experiment, variant, 'numpy'));
    expect(own).toBeDefined();
    expect(own).toBe(predict(script(numpyScript({ experiment, variant, seed: experiment.seed }).files)));
  });

  it('needs no pictures', () => {
    expect(modelCode(parseExperiment(cnn), 'all', 'pytorch')).toContain('conv1=nn.Conv2d(3, 6, kernel_size=5)');
  });

  it('names the layer that NumPy has no words for', () => {
    expect(() => modelCode(parseExperiment(cnn), 'none', 'numpy')).toThrow(/conv1/);
  });

  it('names a variant that does not exist', () => {
    expect(() => modelCode(parseExperiment(regression), 'gone', 'pytorch')).toThrow(/gone/);
  });
});
