// Finding a Python with the right torch among programs that are none, and ending what runs.
import { expect, it } from 'vitest';
import { findPython, pythonCandidates, runPython } from './python.ts';

const signal = new AbortController().signal;

it('asks OVERFIT_PYTHON first, then python3 and python', () => {
  expect(pythonCandidates({ OVERFIT_PYTHON: 'venv/python' })).toEqual(['venv/python', 'python3', 'python']);
  expect(pythonCandidates({})).toEqual(['python3', 'python']);
});

it('says of each candidate why it cannot be used', async () => {
  expect(await findPython(['no-such-python', process.execPath], signal)).toEqual({
    reasons: ['no-such-python: not found', expect.stringContaining(`${process.execPath}: `)],
  });
});

it('hands on every line, and fails with the last ones', async () => {
  const lines: string[] = [];
  const program = 'console.log("one\\ntwo"); console.error("first"); console.error("why")';
  await runPython(process.execPath, ['-e', program], { signal, onLine: (line) => void lines.push(line) });
  expect(lines).toEqual(['one', 'two']);
  const failing = runPython(process.execPath, ['-e', `${program}; process.exitCode = 3`], { signal });
  await expect(failing).rejects.toThrow('first\nwhy');
  await expect(runPython(process.execPath, ['-e', 'process.exitCode = 3'], { signal })).rejects.toThrow('ended with 3');
});

it('ends what runs when it is told to', async () => {
  const stopping = new AbortController();
  const running = runPython(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    signal: stopping.signal,
    onLine: () => stopping.abort(),
  });
  await expect(running).rejects.toThrow(/abort/i);
});
