// The loopback host's command line, right and wrong.
import { describe, expect, test } from 'vitest';
import { parseBrowserArguments, UsageError } from './arguments.ts';

describe('parseBrowserArguments', () => {
  test('nothing given', () => {
    expect(parseBrowserArguments([])).toEqual({ help: false, open: true, port: 0, reason: null, file: null });
  });

  test('everything given', () => {
    const args = ['--no-open', '--port', '8080', '--reason', ' no display\nwas found ', 'a file.overfit'];
    expect(parseBrowserArguments(args)).toEqual({
      help: false,
      open: false,
      port: 8080,
      reason: 'no display was found',
      file: 'a file.overfit',
    });
  });

  test('a file whose name starts like an option', () => {
    expect(parseBrowserArguments(['--', '--odd.overfit']).file).toBe('--odd.overfit');
  });

  test('an empty reason is none', () => {
    expect(parseBrowserArguments(['--reason', '']).reason).toBeNull();
  });

  test.each([
    [['--fast'], /--fast/],
    [['--port'], /--port/],
    [['--port', '0'], /1 to 65535.*"0"/],
    [['--port', '65536'], /"65536"/],
    [['--port', '80.5'], /"80.5"/],
    [['--port', '1e3'], /"1e3"/],
    [['--port', ''], /""/],
    [['a.overfit', 'b.overfit'], /only one file/],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseBrowserArguments(args)).toThrow(UsageError);
    expect(() => parseBrowserArguments(args)).toThrow(message);
  });
});
