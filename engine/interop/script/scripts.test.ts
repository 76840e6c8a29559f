// What holds for every script, PyTorch's and NumPy's: sound Python in form, nothing in it that this experiment does not use, and
// no text of a document that could become code. That the scripts run and print the right losses is checked by check_exports.py.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySteps } from '../../data/index.ts';
import { DOCUMENTS, type ExportDocument } from '../../parity/export-documents.ts';
import { sampleDigests, sampleStored } from '../../parity/sample-stored.ts';
import { thrown } from '../../../test/interop/fixtures.ts';
import { codeOf, formFault, unusedNames } from '../../../test/interop/python-text.ts';
import { samplePictures } from '../../../test/interop/sample-pictures.ts';
import { samplePoints } from '../../../test/interop/sample-points.ts';
import { DocumentError, isGenerated, parseExperiment, resolveVariant } from '../../spec/index.ts';
import { InteropError } from '../interop-error.ts';
import { readNpy } from '../npy.ts';
import { numpyScript } from '../numpy/script.ts';
import { pytorchScript } from '../pytorch/script.ts';
import type { ScriptFiles, ScriptInput } from './context.ts';
import { pythonNames } from './names.ts';
import { comment, docstring, fileSlug, plain, pyFloat, pyString } from './text.ts';

function inputOf({ document, variant: chosen, events }: ExportDocument): ScriptInput {
  const experiment = parseExperiment(document);
  const variant = chosen ?? experiment.variants.at(-1)?.name ?? '';
  const { data } = resolveVariant(experiment, variant);
  return {
    experiment,
    variant,
    seed: experiment.seed,
    ...(events && { events }),
    ...(data.type === 'shapes32' && { pictures: samplePictures(data) }),
    ...(isGenerated(data) && { points: samplePoints(data) }),
    ...(data.type === 'dataset' && { stored: applySteps(sampleStored(data.digest), data) }),
  };
}

const textOf = ({ files }: ScriptFiles): string => {
  const [text] = files.values();
  return typeof text === 'string' ? text : '';
};

const SCRIPTS = DOCUMENTS.flatMap((document) => [
  [`${document.name}, PyTorch`, pytorchScript, document] as const,
  ...(document.numpy ? ([[`${document.name}, NumPy`, numpyScript, document]] as const) : []),
]);

describe.each(SCRIPTS)('%s', (_, write, document) => {
  it('is sound in form, uses all that it makes, and is the same every time', () => {
    const text = textOf(write(inputOf(document)));
    expect(formFault(text)).toBeNull();
    expect(unusedNames(text)).toEqual([]);
    expect(textOf(write(inputOf(document)))).toBe(text);
    expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});

describe('documents that NumPy is not for', () => {
  it.each(DOCUMENTS.filter((x) => !x.numpy).map((x) => [x.name, x] as const))(
    '%s: is refused by name',
    (_, document) => {
      const error = thrown(() => numpyScript(inputOf(document)));
      expect(error).toBeInstanceOf(InteropError);
      expect((error as InteropError).code).toBe('UNSUPPORTED');
      expect((error as InteropError).message).toMatch(/^(".+" \(\w+\)|recipe\.|model\.)/);
      expect((error as InteropError).message).toContain('PyTorch script');
    },
  );
});

describe('files', () => {
  const document = (name: string): ExportDocument => {
    const found = DOCUMENTS.find((x) => x.name === name);
    if (!found) throw new Error(`no document ${name}`);
    return found;
  };

  it('pictures lie beside the script, which reads them by name', () => {
    const { files } = pytorchScript(inputOf(document('lenet')));
    expect([...files.keys()]).toEqual(['lenet-base.py', 'lenet-data.npz']);
    expect(files.get('lenet-base.py')).toContain('.with_name("lenet-data.npz")');
    const bytes = files.get('lenet-data.npz') as Uint8Array;
    // The first entry: a local header of 30 bytes and its name, then the NPY file.
    const name = 'x_train.npy';
    const array = readNpy(bytes.subarray(30 + name.length, 30 + name.length + 128 + 24 * 3072), 'x_train.npy');
    expect([array.dtype, array.shape]).toEqual(['U8', [24, 3, 32, 32]]);
  });

  it('pictures that were not given are asked for, and wrong numbers of them refused', () => {
    const { pictures, ...input } = inputOf(document('lenet'));
    expect((thrown(() => pytorchScript(input)) as InteropError).code).toBe('MISSING_DATA');
    if (!pictures) throw new Error('no pictures');
    expect(() => pytorchScript({ ...input, pictures: { ...pictures, test: null } })).toThrow(
      'there must be 12 test pictures, but 0 were given',
    );
    const short = { pixels: new Uint8Array(5), labels: pictures.test?.labels ?? new Int32Array() };
    expect(() => pytorchScript({ ...input, pictures: { ...pictures, test: short } })).toThrow('test pixels must be');
  });

  it('points that the lab drew stand in the script when they are few, to the last bit, and beside it when they are many', () => {
    const input = inputOf(document('generated moons'));
    const { x } = input.points?.train ?? { x: new Float32Array() };
    for (const write of [pytorchScript, numpyScript]) {
      const files = write(input).files;
      expect(files.size).toBe(1);
      const text = textOf({ files });
      expect(text).toContain('# Points that the lab drew: moons, seed 0.');
      const [, numbers = ''] = /x_train = [a-z.]+\(\s*\[([^a-z]*)\]/.exec(text) ?? [];
      const values = [...numbers.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(([value]) => Math.fround(Number(value)));
      expect(values).toEqual([...x]);
      expect(numbers).not.toMatch(/\d{12}/);
    }
    const many = pytorchScript(inputOf(document('generated spirals')));
    expect([...many.files.keys()]).toEqual(['generated-spirals-base.py', 'generated-spirals-data.npz']);
    expect(textOf(many)).toContain('# Points that the lab drew: spirals, seed 9.');
  });

  it('points that were not given are asked for, and wrong numbers of them refused', () => {
    const { points, ...input } = inputOf(document('generated sine'));
    expect((thrown(() => numpyScript(input)) as InteropError).code).toBe('MISSING_DATA');
    if (!points) throw new Error('no points');
    expect(() => pytorchScript({ ...input, points: { ...points, test: null } })).toThrow(
      'there must be 60 test points, but 0 were given',
    );
  });

  it('imported data lie beside the script, divided and scaled already', async () => {
    for (const [given, real] of await sampleDigests()) expect(real).toBe(given);
    const { files } = pytorchScript(inputOf(document('imported pictures cnn')));
    expect([...files.keys()]).toEqual(['imported-pictures-cnn-base.py', 'imported-pictures-cnn-data.npz']);
    const bytes = files.get('imported-pictures-cnn-data.npz') as Uint8Array;
    const name = 'x_train.npy';
    const array = readNpy(bytes.subarray(30 + name.length, 30 + name.length + 128 + 21 * 64), name);
    expect([array.dtype, array.shape]).toEqual(['U8', [21, 1, 8, 8]]);
    const { stored, ...without } = inputOf(document('imported columns'));
    expect(stored?.splits.validation?.rows).toBe(8);
    for (const write of [pytorchScript, numpyScript])
      expect((thrown(() => write(without)) as InteropError).code).toBe('MISSING_DATA');
    const short = { normalization: null, splits: { train: null, validation: null, test: null } };
    expect(() => pytorchScript({ ...without, stored: short })).toThrow('train examples of the data set do not fit');
  });

  it('long tables lie beside the script, short ones in it', () => {
    expect([...pytorchScript(inputOf(document('long table'))).files.keys()]).toEqual([
      'long-table-base.py',
      'long-table-data.npz',
    ]);
    const { files } = numpyScript(inputOf(document('numpy dropout corrected')));
    expect([...files.keys()]).toEqual(['numpy-dropout-corrected-base-numpy.py']);
    expect([...files.values()][0]).toContain('x_train = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)');
  });

  it('an unknown variant is refused as the document’s problem', () => {
    const input = { ...inputOf(document('lenet')), variant: 'nobody' };
    expect(thrown(() => pytorchScript(input))).toBeInstanceOf(DocumentError);
  });
});

describe('texts of a document', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '"""',
      "'''",
      '\\',
      '\\"',
      '# x',
      '");import os;os.system("x")#',
      '\u2028x',
      '\\N{BELL}',
      '%(prog)s',
      '{x}',
      'fc1',
      'x',
    ),
  );
  const name = hostile.map((x) => x.replace(/[.\u0000-\u001f\u007f]/g, '') || 'x');

  it('never become code, whatever they are', () => {
    fc.assert(
      fc.property(name, name, name, hostile, (experimentName, variantName, layerName, description) => {
        const experiment = parseExperiment({
          format: 'overfit-experiment',
          version: 1,
          name: experimentName,
          description,
          seed: 1,
          data: { type: 'table', x: [[1]], y: [[1]] },
          model: {
            layers: [
              { type: 'Linear', name: layerName === 'input' ? 'x' : layerName, out_features: 3 },
              { type: 'Dropout', name: `${layerName}\\"`, p: 0.5 },
              { type: 'Linear', name: `${layerName}#`, out_features: 1 },
            ],
          },
          recipe: { steps: 1, loss: { type: 'MSELoss' }, optimizer: { type: 'SGD', lr: 1 } },
          variants: [{ name: 'earlier' }, { name: variantName === 'earlier' ? 'x' : variantName }],
        });
        const input = { experiment, variant: experiment.variants[1]?.name ?? '', seed: 1 };
        for (const write of [pytorchScript, numpyScript]) {
          const files = write(input).files;
          const text = textOf({ files });
          expect(formFault(text)).toBeNull();
          expect(unusedNames(text)).toEqual([]);
          // Outside of comments and strings a script is plain ASCII: nothing of the document got there.
          expect(codeOf(text)).toMatch(/^[\x20-\x7e\n]*$/);
          expect([...files.keys()].every((x) => /^[\p{L}\p{N}-]+\.(py|npz)$/u.test(x))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('layers keep names that Python can have, and all names differ', () => {
    const layers = (names: readonly string[]) => ({ layers: names.map((x) => ({ type: 'ReLU' as const, name: x })) });
    expect(pythonNames(layers(['fc1', 'train', '2nd', '激活', 'a b', 'a_b', 'class', 'x', '__init__']))).toEqual([
      'fc1',
      'train_layer',
      'layer_2nd',
      'layer',
      'a_b_2',
      'a_b',
      'class_layer',
      'x_layer',
      'init',
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
        const found = pythonNames(layers(names));
        expect(new Set(found).size).toBe(names.length);
        for (const x of found) expect(x).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      }),
    );
  });
});

describe('Python as text', () => {
  it('writes numbers as a person would', () => {
    expect([1, -2, 0.3, 1e-8, 0.0001, 1e21, 5e-5, -0].map(pyFloat)).toEqual([
      '1.0',
      '-2.0',
      '0.3',
      '1e-8',
      '0.0001',
      '1e+21',
      '5e-5',
      '-0.0',
    ]);
  });

  it('closes strings and comments', () => {
    expect(pyString('a"\\\n\u2028')).toBe('"a\\"\\\\\\n\\u2028"');
    expect(plain('a """ \\ \n b\u2028c')).toBe("a ''' / b c");
    expect(comment('a '.repeat(60)).every((line) => line.startsWith('# ') && line.length <= 100)).toBe(true);
    expect(docstring(['one line'])).toEqual(['"""one line"""']);
  });

  it('names files without paths', () => {
    expect(fileSlug('../../etc/passwd')).toBe('etc-passwd');
    expect(fileSlug('CON: 正则化?')).toBe('CON-正则化');
    expect(fileSlug('...')).toBe('experiment');
  });
});
