// What becomes of check_exports.py's findings: rows, and whole sentences about what could not be run.
import { describe, expect, it } from 'vitest';
import { exportRows, type CheckedExports } from './parity-exports.ts';

const checked: CheckedExports = {
  missing: {},
  bounds: { lab: 1e-4, numpy: 1e-5, onnx: 2e-6 },
  documents: 2,
  checked: [
    { name: 'relu', problems: [], found: { lab: 1e-7, numpy: 3e-7, onnx: 1e-7, safetensors: 0 } },
    { name: 'conv', problems: [], found: { lab: 2e-7, onnx: 5e-7, safetensors: 0 } },
  ],
};

describe('rows of exports', () => {
  it('are one for each kind of file, with what is furthest', () => {
    const { rows, remarks } = exportRows(checked);
    expect(remarks).toEqual([]);
    expect(rows.map((x) => [x.values, x.largest, x.where, x.passed])).toEqual([
      [2, 0, '', true],
      [2, 2e-7, 'conv', true],
      [1, 3e-7, 'relu', true],
      [2, 5e-7, 'conv', true],
      [2, 0, '', true],
    ]);
  });

  it('name what does not run, what differs, and what was not checked', () => {
    const [relu] = checked.checked;
    const wrong = { name: 'conv', problems: ['IndexError: 3', 'names differ'], found: { lab: 0.5 } };
    const { rows } = exportRows({ ...checked, documents: 3, checked: relu ? [relu, wrong] : [] });
    expect(rows.filter((x) => !x.passed).map((x) => [x.largest, x.where])).toEqual([
      [2, 'conv: IndexError: 3; names differ'],
      [0.5, 'conv'],
    ]);
  });

  it('are left out, in words, where a program is missing', () => {
    const { rows, remarks } = exportRows({ ...checked, missing: { onnx: ['onnx', 'onnxruntime'] } });
    expect(rows).toHaveLength(4);
    expect(remarks).toEqual([
      'Not run: outputs of ONNX files by onnxruntime, because onnx and onnxruntime cannot be imported.',
    ]);
  });
});
