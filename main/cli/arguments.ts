// Command-line words in, one checked command out. Nothing else reads argv.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { InputError, usageError } from './exit.ts';
import { HELP, say, type HelpTopic } from './messages.ts';

export interface RunCommand {
  readonly name: 'run';
  /** An example's name or a file's path, as given. */
  readonly target: string;
  /** Without repetitions; empty: all. */
  readonly variants: readonly string[];
  readonly seed: number | null;
  readonly steps: number | null;
  readonly threads: number;
  readonly out: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

export type Command =
  | RunCommand
  | { readonly name: 'list' }
  | { readonly name: 'show'; readonly file: string; readonly json: boolean }
  | { readonly name: 'check'; readonly file: string }
  | { readonly name: 'help'; readonly topic: HelpTopic }
  | { readonly name: 'version' };

const HELP_OPTION = { help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsOptionsConfig;

/**
 * @param words argv without node and script.
 * @throws InputError naming the word that is wrong and where to read more.
 */
export function parseCommand(words: readonly string[]): Command {
  const [first, ...rest] = words;
  switch (first) {
    case undefined:
      throw usageError(say.noCommand, 'main');
    case '-h':
    case '--help':
      return { name: 'help', topic: 'main' };
    case '-v':
    case '--version':
      return { name: 'version' };
    case 'help':
      return parseHelp(rest);
    case 'list':
      return parseList(rest);
    case 'run':
      return parseRun(rest);
    case 'show':
      return parseShow(rest);
    case 'check':
      return parseCheck(rest);
    default:
      throw usageError(first.startsWith('-') ? say.unknownOption(first) : say.unknownCommand(first), 'main');
  }
}

function parseHelp(words: readonly string[]): Command {
  const [topic = 'main', extra] = words;
  if (extra !== undefined) throw usageError(say.tooMany(extra), 'main');
  if (!Object.hasOwn(HELP, topic)) throw usageError(say.unknownTopic(topic), 'main');
  return { name: 'help', topic: topic as HelpTopic };
}

function parseList(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words, HELP_OPTION, 'list');
  if (values.help) return { name: 'help', topic: 'list' };
  only(positionals, 0, 'list');
  return { name: 'list' };
}

function parseShow(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words, { ...HELP_OPTION, json: { type: 'boolean' } }, 'show');
  if (values.help) return { name: 'help', topic: 'show' };
  const file = only(positionals, 1, 'show');
  if (file === undefined) throw usageError(say.missingFile, 'show');
  return { name: 'show', file, json: values.json ?? false };
}

function parseCheck(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words, HELP_OPTION, 'check');
  if (values.help) return { name: 'help', topic: 'check' };
  const file = only(positionals, 1, 'check');
  if (file === undefined) throw usageError(say.missingFile, 'check');
  return { name: 'check', file };
}

const RUN_OPTIONS = {
  ...HELP_OPTION,
  variant: { type: 'string', multiple: true },
  seed: { type: 'string' },
  steps: { type: 'string' },
  threads: { type: 'string' },
  device: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

function parseRun(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words, RUN_OPTIONS, 'run');
  if (values.help) return { name: 'help', topic: 'run' };
  const target = only(positionals, 1, 'run');
  if (target === undefined || target === '') throw usageError(say.missingTarget, 'run');
  const variants = [...new Set(values.variant ?? [])];
  if (variants.includes('')) throw usageError(say.emptyVariant, 'run');
  const { device = 'auto', out = null } = values;
  if (device !== 'auto' && device !== 'cpu') throw usageError(say.badDevice(device), 'run');
  if (out !== null && !/[^/\\]\.overfit$/.test(out)) throw usageError(say.badOut(out), 'run');
  return {
    name: 'run',
    target,
    variants,
    seed: wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    steps: wholeNumber('--steps', values.steps, 1, 10_000_000),
    threads: wholeNumber('--threads', values.threads, 1, 64) ?? 1,
    out,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function wholeNumber(option: string, given: string | undefined, low: number, high: number): number | null {
  if (given === undefined) return null;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= low && value <= high)) throw usageError(say.badInteger(option, low, high, given), 'run');
  return value;
}

/** The one positional word, if any. */
function only(positionals: readonly string[], most: 0 | 1, topic: HelpTopic): string | undefined {
  const extra = positionals[most];
  if (extra !== undefined) throw usageError(say.tooMany(extra), topic);
  return positionals[0];
}

function parseWords<T extends ParseArgsOptionsConfig>(words: readonly string[], options: T, topic: HelpTopic) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wordParseError(error, topic);
  }
}

function wordParseError(error: unknown, topic: HelpTopic): unknown {
  if (!(error instanceof TypeError) || !('code' in error)) return error;
  const option = /'(?:-\w, )?(-[^' =]*)/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return usageError(say.unknownOption(option), topic);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return usageError(
        / does not take /.test(error.message) ? say.needsNoValue(option) : say.missingValue(option),
        topic,
      );
    default:
      return new InputError(error.message, [say.hint(topic)]);
  }
}
