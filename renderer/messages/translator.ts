// Words in the reader's language for everything that is not a plain key: errors, problems of a document, durations.
import * as v from 'valibot';
import { ERROR_CODES, type ErrorCode } from '../../main/contract/errors.ts';
import { SPLITS, type Problem, type ProblemCode, type RunFailure } from '../../engine/spec/index.ts';
import { EXPORT_REFUSALS, ImportProblem } from '../../main/contract/shapes.ts';
import { numberFormats, type NumberFormats } from '../model/numbers.ts';
import { fill, type MessageKey, type ParamsArgument, type Translation, type Values } from './catalogue.ts';
import { en } from './en.ts';
import { groupWording, noteWording, remarkWording, rowWording } from './certificate-names.ts';
import { expectedWording, receivedWording } from './expected.ts';
import { reasonWording } from './file-reasons.ts';
import { zhCN } from './zh-cn.ts';

export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

const TRANSLATIONS: Readonly<Record<Locale, Translation>> = { en, 'zh-CN': zhCN };

/** A code without a message does not compile. */
const ERROR_KEYS = Object.fromEntries(ERROR_CODES.map((x) => [x, `error.${x}`])) as {
  readonly [C in ErrorCode]: `error.${C}` & MessageKey;
};
const REFUSAL_KEYS = Object.fromEntries(EXPORT_REFUSALS.map((x) => [x, `export.refusal.${x}`])) as {
  readonly [C in (typeof EXPORT_REFUSALS)[number]]: `export.refusal.${C}` & MessageKey;
};
const PROBLEM_KEYS = {
  required: 'problem.required',
  unknown_key: 'problem.unknown_key',
  wrong_type: 'problem.wrong_type',
  not_one_of: 'problem.not_one_of',
  out_of_range: 'problem.out_of_range',
  not_an_integer: 'problem.not_an_integer',
  too_long: 'problem.too_long',
  duplicate_name: 'problem.duplicate_name',
  unknown_field: 'problem.unknown_field',
  unknown_variant: 'problem.unknown_variant',
  shape_mismatch: 'problem.shape_mismatch',
  unknown_layer: 'problem.unknown_layer',
  unused_layer: 'problem.unused_layer',
  empty: 'problem.empty',
  bad_json: 'problem.bad_json',
  unsupported_version: 'problem.unsupported_version',
} as const satisfies Record<ProblemCode, MessageKey>;

/** The language to use when the setting says `system`. */
export function systemLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

export class Translator {
  readonly locale: Locale;
  readonly format: NumberFormats;

  constructor(locale: Locale) {
    this.locale = locale;
    this.format = numberFormats(locale);
  }

  text<K extends MessageKey>(key: K, ...[params]: ParamsArgument<K>): string {
    return this.filled(key, params ?? {});
  }

  /** One plain sentence for a wrong field. */
  problem(problem: Problem): string {
    const { expected, received } = problem.params;
    // The specification quotes what it received as JSON; an emptied field holds an empty text.
    if (received === '""') return this.text('problem.required');
    const values: Record<string, string> = { ...problem.params };
    if (received !== undefined) values['received'] = receivedWording(received, this.words);
    if (expected === undefined) return this.filled(PROBLEM_KEYS[problem.code], values);
    const wording = expectedWording(expected, this.words);
    values['expected'] = wording?.text ?? expected;
    // A rule between fields is a sentence already.
    if (wording?.kind === 'rule') return received === undefined ? wording.text : this.filled('problem.rule', values);
    const isOutput = problem.code === 'shape_mismatch' && wording?.text === expected;
    return this.filled(isOutput ? 'problem.output_mismatch' : PROBLEM_KEYS[problem.code], values);
  }

  /** What happened, to which thing, and what to do. */
  error(error: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  }): string {
    const code = (ERROR_CODES as readonly string[]).includes(error.code) ? (error.code as ErrorCode) : 'INTERNAL';
    const values: Record<string, string> = { message: error.message, what: '', file: this.text('error.thisFile') };
    for (const name of ['file', 'what', 'name', 'cause', 'message', 'path', 'reason', 'dataset'])
      if (typeof error.details[name] === 'string' && error.details[name] !== '') values[name] = error.details[name];
    const problems = error.details['problems'];
    if (code === 'INVALID_DOCUMENT') {
      const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
      values['problem'] = isProblem(first) ? `${first.path}: ${this.problem(first)}` : error.message;
    }
    // Some have better words than their code's.
    if (code === 'NOT_FOUND' && values['what'] === 'checkpoint') return this.text('export.noCheckpoint');
    if (code === 'NOT_AVAILABLE' && values['what'] === 'parity') return this.text('parity.notAvailable');
    if (code === 'DATA_MISSING' && typeof error.details['project'] === 'string')
      return this.text('take.dataMissing', { project: error.details['project'] });
    // CIFAR-10 lies in files of its own; any other name is that of an imported data set.
    if (code === 'DATA_MISSING' && values['dataset'] !== undefined && values['dataset'] !== 'cifar10')
      return this.dataMissing(values['dataset'], error.details['split']);
    if (code === 'BAD_DATA_FILE') {
      const problem = importProblemIn(error.details, error.message);
      if (problem) return this.importProblem(problem);
    }
    if (code === 'ENGINE_REJECTED') {
      const key = `rejected.${String(error.details['code'])}`;
      if (key in en) values['message'] = this.filled(key as MessageKey, {});
    }
    if (code === 'EXPORT_UNSUPPORTED') values['reason'] = this.refusal(error.details);
    if (code === 'DATA_IN_USE') values['users'] = this.dataUsers(error.details);
    return this.filled(ERROR_KEYS[code], values);
  }

  private dataMissing(dataset: string, emptySplit: unknown): string {
    const split = SPLITS.find((x) => x === emptySplit);
    if (split === undefined) return this.text('summary.notThere', { dataset });
    return this.text('summary.noRows', { dataset, split: this.text(`dataPlace.${split}`) });
  }

  /** Why an export has no word for something. */
  refusal({
    refusal,
    value,
    reason,
  }: {
    readonly refusal?: unknown;
    readonly value?: unknown;
    readonly reason?: unknown;
  }): string {
    const known = EXPORT_REFUSALS.find((x) => x === refusal);
    // The reason itself is in English.
    return known ? this.filled(REFUSAL_KEYS[known], { value: String(value) }) : String(reason);
  }

  private dataUsers({ experiments, runs }: Readonly<Record<string, unknown>>): string {
    const listed = (x: unknown): string => (Array.isArray(x) && x.length > 0 ? x.map(String).join(', ') : '–');
    return this.text('error.dataUsers', { experiments: listed(experiments), runs: listed(runs) });
  }

  /** What is wrong in a file, and where in it. */
  importProblem({ file, row, column, code, params, message }: ImportProblem): string {
    const key = `import.problem.${code}`;
    // The message itself, in English, says where it is.
    if (!(key in en)) return message;
    const reason = typeof params['reason'] === 'string' ? { reason: reasonWording(params['reason'], this.words) } : {};
    const what = this.filled(key as MessageKey, { ...params, ...reason });
    const place =
      row !== null && column !== null
        ? this.text('import.atCell', { file, row, column })
        : row !== null
          ? this.text('import.atRow', { file, row })
          : column !== null
            ? this.text('import.atColumn', { file, column })
            : file;
    return this.text('import.placed', { place, what });
  }

  /** What a certificate calls a group of comparisons, one of them, and what it says beside it. */
  certificateGroup(name: string): string {
    return groupWording(name, this.words);
  }
  certificateRow(name: string): string {
    return rowWording(name, this.words);
  }
  certificateNote(note: string): string {
    return noteWording(note, this.words);
  }
  certificateRemark(remark: string): string {
    return remarkWording(remark, this.words);
  }

  failure(failure: RunFailure): string {
    const { step } = failure;
    const quantity = this.quantity(failure.quantity);
    const place = failure.parameter ?? failure.layer;
    return place === null
      ? this.text('details.diverged', { step, quantity })
      : this.text('details.divergedIn', { step, quantity, parameter: place });
  }

  /** A duration in one unit, two significant digits: 0.4 s, 12 s, 3 min. */
  duration(milliseconds: number): string {
    const seconds = milliseconds / 1000;
    const [key, value] =
      seconds < 0.1
        ? (['unit.ms', milliseconds] as const)
        : seconds < 100
          ? (['unit.s', seconds] as const)
          : seconds < 6000
            ? (['unit.min', seconds / 60] as const)
            : (['unit.h', seconds / 3600] as const);
    const digits = new Intl.NumberFormat(this.locale, { maximumSignificantDigits: 2 });
    return this.text(key, { value: digits.format(value) });
  }

  private quantity(name: string): string {
    const key = `quantity.${name}`;
    return key in en ? this.filled(key as MessageKey, {}) : name;
  }

  private readonly words = (key: MessageKey, values: Values): string => this.filled(key, values);

  private filled(key: MessageKey, values: Values): string {
    return fill(TRANSLATIONS[this.locale][key], values, this.locale);
  }
}

/** What an import failed with, when the error says which kind of problem it was. */
function importProblemIn(details: Readonly<Record<string, unknown>>, message: string): ImportProblem | null {
  const found = v.safeParse(v.object(ImportProblem.entries), {
    message,
    row: null,
    column: null,
    // The engine's own faults have what their sentence needs beside everything else.
    params: Object.fromEntries(
      Object.entries(details).filter(([, x]) => typeof x === 'string' || typeof x === 'number'),
    ),
    ...details,
  });
  return found.success ? found.output : null;
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(PROBLEM_KEYS, value.code) &&
    'path' in value &&
    'params' in value
  );
}
