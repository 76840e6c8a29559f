// Command-line words in, one checked command out. Nothing else reads argv.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat } from '../contract/shapes.ts';
import { FILE_ENDINGS } from '../services/file-kinds.ts';
import { InputError, usageError } from './exit.ts';
import { HELP, say, type HelpTopic } from './messages.ts';

export interface RunCommand {
  readonly name: 'run';
  /** An example's name or a file's path, as given. */
  readonly target: string;
  /** Without repetitions; empty: all. */
  readonly variants: readonly string[];
  readonly seed: number | null;
  readonly seeds: Seeds | null;
  readonly steps: number | null;
  readonly epochs: number | null;
  readonly threads: number;
  /** Folder or archive of CIFAR-10, as given. */
  readonly data: string | null;
  /** File with values to start from, as given. */
  readonly weights: string | null;
  readonly out: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Several: named one by one, or so many from the experiment's own seed on. */
export type Seeds = { readonly list: readonly number[] } | { readonly count: number };

export interface ExportCommand {
  readonly name: 'export';
  readonly file: string;
  /** Number of the run; null: the only one, or all of them in a table. */
  readonly run: number | null;
  readonly format: ExportFormat;
  readonly out: string;
  /** Of trained values: those of the best step on validation data rather than of the last one. */
  readonly best: boolean;
}

export interface ParityCommand {
  readonly name: 'parity';
  readonly live: boolean;
  readonly json: boolean;
  /** Project that keeps the certificate; null: none. */
  readonly file: string | null;
}

export type Command =
  | RunCommand
  | { readonly name: 'list' }
  | { readonly name: 'show'; readonly file: string; readonly json: boolean }
  | { readonly name: 'check'; readonly file: string }
  | ExportCommand
  | ParityCommand
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
    case 'export':
      return parseExport(rest);
    case 'parity':
      return parseParity(rest);
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
  seeds: { type: 'string' },
  steps: { type: 'string' },
  epochs: { type: 'string' },
  data: { type: 'string' },
  weights: { type: 'string' },
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
  if (values.steps !== undefined && values.epochs !== undefined)
    throw usageError(say.notBoth('--steps', '--epochs'), 'run');
  if (values.seed !== undefined && values.seeds !== undefined)
    throw usageError(say.notBoth('--seed', '--seeds'), 'run');
  for (const option of ['data', 'weights'] as const)
    if (values[option] === '') throw usageError(say.missingValue(`--${option}`), 'run');
  return {
    name: 'run',
    target,
    variants,
    seed: wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    seeds: parseSeeds(values.seeds),
    steps: wholeNumber('--steps', values.steps, 1, 10_000_000),
    epochs: wholeNumber('--epochs', values.epochs, 1, 10_000_000),
    threads: wholeNumber('--threads', values.threads, 1, 64) ?? 1,
    data: values.data ?? null,
    weights: values.weights ?? null,
    out,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

const MOST_SEEDS = 1000;

/** `1,2,3` are these; `5` is so many. */
function parseSeeds(given: string | undefined): Seeds | null {
  if (given === undefined) return null;
  if (!given.includes(',')) return { count: wholeNumber('--seeds', given, 1, MOST_SEEDS) ?? 1 };
  const list = given.split(',').map((x) => wholeNumber('--seeds', x.trim(), 0, Number.MAX_SAFE_INTEGER) ?? 0);
  const twice = list.find((x, i) => list.indexOf(x) !== i);
  if (twice !== undefined) throw usageError(say.seedTwice(twice), 'run');
  if (list.length > MOST_SEEDS) throw usageError(say.tooManySeeds(MOST_SEEDS), 'run');
  return { list };
}

const EXPORT_OPTIONS = {
  ...HELP_OPTION,
  run: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  best: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

function parseExport(words: readonly string[]): Command {
  const { values, positionals } = parseWords(words, EXPORT_OPTIONS, 'export');
  if (values.help) return { name: 'help', topic: 'export' };
  const file = only(positionals, 1, 'export');
  if (file === undefined) throw usageError(say.missingFile, 'export');
  const format = exportFormat(values.format, values.out);
  const { out } = values;
  if (out === undefined || out === '') throw usageError(say.missingOut(format), 'export');
  if (!out.toLowerCase().endsWith(FILE_ENDINGS[format]))
    throw usageError(say.badExportName(format, FILE_ENDINGS[format], out), 'export');
  const run = wholeNumber('--run', values.run, 1, Number.MAX_SAFE_INTEGER, 'export');
  return { name: 'export', file, run, format, out, best: values.best ?? false };
}

/** Given, or seen from the file's name; `.py` may be either of two. */
function exportFormat(given: string | undefined, out: string | undefined): ExportFormat {
  if (given !== undefined) {
    const known = EXPORT_FORMATS.find((x) => x === given);
    if (known === undefined) throw usageError(say.badFormat(given, EXPORT_FORMATS), 'export');
    return known;
  }
  const fitting = EXPORT_FORMATS.filter((x) => out?.toLowerCase().endsWith(FILE_ENDINGS[x]));
  const [only_] = fitting;
  if (only_ === undefined || fitting.length > 1) throw usageError(say.missingFormat(EXPORT_FORMATS), 'export');
  return only_;
}

function parseParity(words: readonly string[]): Command {
  const options = { ...HELP_OPTION, live: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseWords(words, options, 'parity');
  if (values.help) return { name: 'help', topic: 'parity' };
  const file = only(positionals, 1, 'parity') ?? null;
  return { name: 'parity', live: values.live ?? false, json: values.json ?? false, file };
}

function wholeNumber(
  option: string,
  given: string | undefined,
  low: number,
  high: number,
  topic: HelpTopic = 'run',
): number | null {
  if (given === undefined) return null;
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= low && value <= high)) throw usageError(say.badInteger(option, low, high, given), topic);
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
