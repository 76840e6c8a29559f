// The project's parity certificate: read when somebody looks, made on request, with its progress.
import type { LabClient } from '../../main/contract/methods.ts';
import type { Certificate, ParityProgress } from '../../main/contract/shapes.ts';
import type { Translator } from '../messages/translator.ts';
import { errorParts, type Notices } from './notices.svelte.ts';

export class Parity {
  /** null: none was made. */
  certificate = $state.raw<Certificate | null>(null);
  progress = $state.raw<ParityProgress | null>(null);
  loaded = $state(false);
  /** Why the last one could not be made. */
  problem = $state.raw<((t: Translator) => string) | null>(null);
  #making = $state.raw<AbortController | null>(null);
  readonly #client: LabClient;
  readonly #notices: Notices;

  constructor(client: LabClient, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
    client.subscribe('parity.progressed', (progress) => {
      if (this.#making) this.progress = progress;
    });
  }

  get making(): boolean {
    return this.#making !== null;
  }

  async load(): Promise<void> {
    this.problem = null;
    try {
      this.certificate = await this.#client.call('parity.certificate', null);
      this.loaded = true;
    } catch (error) {
      this.problem = this.#notices.word(error);
    }
  }

  async make(): Promise<void> {
    if (this.#making) return;
    const making = new AbortController();
    this.#making = making;
    this.problem = null;
    this.progress = null;
    try {
      this.certificate = await this.#client.call('parity.run', { live: false }, making.signal);
    } catch (error) {
      if (errorParts(error).code !== 'CANCELLED') this.problem = this.#notices.word(error);
    } finally {
      this.#making = null;
      this.progress = null;
    }
  }

  cancel(): void {
    this.#making?.abort();
  }
}
