import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { exportName, withEnding } from './export-name.ts';

const run = (variant: string) => ({ experiment: parseExperiment(EXAMPLES['regression']), variant, number: 12 });

describe('names of exported files', () => {
  it('say experiment, variant, run, and what tells them apart', () => {
    expect(exportName(run('L1'), 'pytorch', 'last')).toBe('regression-L1-12.py');
    expect(exportName(run('L1'), 'numpy', 'last')).toBe('regression-L1-12-numpy.py');
    expect(exportName(run('L1'), 'onnx', 'best')).toBe('regression-L1-12-best.onnx');
  });

  it('hold nothing that a file system may refuse', () => {
    expect(exportName(run('a/b: "c"'), 'csv', 'last')).toBe('regression-a-b-c-12.csv');
  });

  it('get their ending once', () => {
    expect(withEnding('net', 'safetensors')).toBe('net.safetensors');
    expect(withEnding('net.ONNX', 'onnx')).toBe('net.ONNX');
  });
});
