// Messages to the person: what happened, to which thing, what to do. Worded when shown, so that they follow the language.
import type { Translator } from '../messages/translator.ts';
import type { Environment } from './environment.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'info';
  readonly word: (t: Translator) => string;
  /** Equal messages are shown once. */
  readonly same: string;
}

const SHOWN = 4;
const INFO_MS = 5000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  readonly #environment: Environment;
  #nextId = 1;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Reports what a call failed with. Cancelling is no failure; a lost connection has its own screen. */
  error(error: unknown): void {
    const seen = errorParts(error);
    if (seen.code === 'CANCELLED' || seen.code === 'CONNECTION_LOST') return;
    // Five variants that fail for one reason are one message.
    const { runId: _run, ...reason } = seen.details;
    this.#add('error', `${seen.code} ${JSON.stringify(reason)}`, (t) => t.error(seen));
  }

  /** Words an error for a place of its own, without showing it here. */
  word(error: unknown): (t: Translator) => string {
    const seen = errorParts(error);
    return (t) => t.error(seen);
  }

  /** Says why something is not done; it stands until it is read. */
  refuse(same: string, word: (t: Translator) => string): void {
    this.#add('error', same, word);
  }

  info(same: string, word: (t: Translator) => string): void {
    const id = this.#add('info', same, word);
    this.#environment.setTimeout(() => {
      this.dismiss(id);
    }, INFO_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((x) => x.id !== id);
  }

  #add(kind: Notice['kind'], same: string, word: (t: Translator) => string): number {
    const id = this.#nextId++;
    this.list = [...this.list.filter((x) => x.same !== same), { id, kind, word, same }].slice(-SHOWN);
    return id;
  }
}

interface ErrorParts {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The parts of an error of the contract; anything else is an INTERNAL one. */
export function errorParts(error: unknown): ErrorParts {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
    const details =
      'details' in error && typeof error.details === 'object' && error.details !== null ? error.details : {};
    return { code: error.code, message, details: details as Readonly<Record<string, unknown>> };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), details: {} };
}
