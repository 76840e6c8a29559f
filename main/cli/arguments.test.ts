// Every way to write a command, and every way to get it wrong.
import { describe, expect, it } from 'vitest';
import { parseCommand } from './arguments.ts';
import { InputError } from './exit.ts';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '));
const refusal = (line: string): string => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof InputError) return [error.message, ...error.details].join(' ');
    throw error;
  }
  throw new Error(`"${line}" was accepted`);
};

describe('parseCommand', () => {
  it('run has defaults', () => {
    expect(parse('run regression')).toEqual({
      name: 'run',
      target: 'regression',
      variants: [],
      seed: null,
      seeds: null,
      steps: null,
      epochs: null,
      threads: 1,
      data: null,
      weights: null,
      out: null,
      json: false,
      quiet: false,
    });
  });

  it('run takes every option, on both sides of what is run', () => {
    const line =
      'run --variant dropout --variant L1 --variant dropout --seed 0 x.json --steps=20 --data cifar --weights net.onnx --threads 2 --device cpu --out a/b.overfit --json --quiet';
    expect(parse(line)).toEqual({
      name: 'run',
      target: 'x.json',
      variants: ['dropout', 'L1'],
      seed: 0,
      seeds: null,
      steps: 20,
      epochs: null,
      threads: 2,
      data: 'cifar',
      weights: 'net.onnx',
      out: 'a/b.overfit',
      json: true,
      quiet: true,
    });
  });

  it('the other commands', () => {
    expect(parse('list')).toEqual({ name: 'list' });
    expect(parse('show f.overfit --json')).toEqual({ name: 'show', file: 'f.overfit', json: true });
    expect(parse('check f.overfit')).toEqual({ name: 'check', file: 'f.overfit' });
    expect(parse('--version')).toEqual({ name: 'version' });
    expect(parse('parity')).toEqual({ name: 'parity', live: false, json: false, file: null });
    expect(parse('parity f.overfit --live --json')).toEqual({
      name: 'parity',
      live: true,
      json: true,
      file: 'f.overfit',
    });
  });

  it('seeds one by one, or so many', () => {
    expect(parse('run a --seeds 5')).toMatchObject({ seeds: { count: 5 } });
    expect(parse('run a --seeds 3,1,0')).toMatchObject({ seeds: { list: [3, 1, 0] } });
    expect(parse('run a --epochs 3')).toMatchObject({ epochs: 3, steps: null });
  });

  it('export sees the format from the file’s ending where that says it', () => {
    const command = { name: 'export', file: 'f.overfit', run: null, best: false };
    expect(parse('export f.overfit --out a.onnx')).toEqual({ ...command, format: 'onnx', out: 'a.onnx' });
    expect(parse('export f.overfit --out A.CSV')).toEqual({ ...command, format: 'csv', out: 'A.CSV' });
    expect(parse('export f.overfit --run 3 --format numpy --out a.py --best')).toEqual({
      ...command,
      run: 3,
      format: 'numpy',
      out: 'a.py',
      best: true,
    });
  });

  it.each([
    ['--help', 'main'],
    ['-h', 'main'],
    ['help', 'main'],
    ['help run', 'run'],
    ['run --help', 'run'],
    ['run regression -h', 'run'],
    ['list --help', 'list'],
    ['show --help', 'show'],
    ['check -h', 'check'],
    ['export --help', 'export'],
    ['help parity', 'parity'],
  ])('"%s" asks for help', (line, topic) => {
    expect(parse(line)).toEqual({ name: 'help', topic });
  });

  it.each([
    ['', 'no command', 'overfit --help'],
    ['train', '"train"', 'overfit --help'],
    ['--verbose', '--verbose', 'overfit --help'],
    ['help me', '"me"', 'overfit --help'],
    ['help run list', '"list"', 'overfit --help'],
    ['list all', '"all"', 'overfit help list'],
    ['list --json', '--json', 'overfit help list'],
    ['run', 'what to run', 'overfit help run'],
    ['run a b', '"b"', 'overfit help run'],
    ['run a --epoch 3', '--epoch', 'overfit help run'],
    ['run a --epochs 0', '--epochs must be a whole number from 1', 'overfit help run'],
    ['run a --epochs 3 --steps 4', '--steps and --epochs', 'overfit help run'],
    ['run a --seed 3 --seeds 4', '--seed and --seeds', 'overfit help run'],
    ['run a --seeds 0', '--seeds must be a whole number from 1', 'overfit help run'],
    ['run a --seeds 1,2,1', '--seeds names 1 twice', 'overfit help run'],
    ['run a --seeds 1,', '--seeds', 'overfit help run'],
    ['run a --seeds 1,x', '"x"', 'overfit help run'],
    ['run a --data=', '--data needs a value', 'overfit help run'],
    ['run a --weights=', '--weights needs a value', 'overfit help run'],
    ['export', 'name the project file', 'overfit help export'],
    ['export a b', '"b"', 'overfit help export'],
    ['export a', '--format pytorch|numpy|onnx', 'overfit help export'],
    ['export a --out b.py', '--format pytorch|numpy|onnx', 'overfit help export'],
    ['export a --format onnx', 'say where the onnx file goes', 'overfit help export'],
    ['export a --format pdf --out b', '"pdf"', 'overfit help export'],
    ['export a --format onnx --out b.py', 'ends in .onnx', 'overfit help export'],
    ['export a --run 0 --out b.csv', '--run must be a whole number from 1', 'overfit help export'],
    ['parity a.overfit now', '"now"', 'overfit help parity'],
    ['run a --toString', '--toString', 'overfit help run'],
    ['run a --seed', '--seed needs a value', 'overfit help run'],
    ['run a --seed --json', '--seed', 'overfit help run'],
    ['run a --json=yes', '--json takes no value', 'overfit help run'],
    ['run a --seed -1', '--seed', 'overfit help run'],
    ['run a --seed=-1', '--seed must be a whole number', 'overfit help run'],
    ['run a --seed 1.5', '"1.5"', 'overfit help run'],
    ['run a --seed 9007199254740992', '9007199254740991', 'overfit help run'],
    ['run a --steps 0', '--steps must be a whole number from 1', 'overfit help run'],
    ['run a --steps 1e3', '"1e3"', 'overfit help run'],
    ['run a --threads 65', '--threads must be a whole number from 1 to 64', 'overfit help run'],
    ['run a --device gpu', '--device must be auto or cpu, but is "gpu"', 'overfit help run'],
    ['run a --out results', 'ends in .overfit', 'overfit help run'],
    ['run a --out .overfit', 'ends in .overfit', 'overfit help run'],
    ['run a --variant=', '--variant needs a name', 'overfit help run'],
    ['show', 'name the project file', 'overfit help show'],
    ['show a b', '"b"', 'overfit help show'],
    ['check', 'name the project file', 'overfit help check'],
    ['check a --json', '--json', 'overfit help check'],
  ])('"%s" is refused by name, with where to read more', (line, named, more) => {
    expect(refusal(line)).toContain(named);
    expect(refusal(line)).toContain(more);
  });
});
