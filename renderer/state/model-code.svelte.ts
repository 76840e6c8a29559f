// The model as code in a language, asked of the services; the newest question is answered.
import type { ExperimentSpec, Problem } from '../../engine/spec/index.ts';
import type { LabClient } from '../../main/contract/methods.ts';
import type { CodeLanguage } from '../../main/contract/shapes.ts';
import type { Translator } from '../messages/translator.ts';
import { errorParts, type Notices } from './notices.svelte.ts';

interface ModelCode {
  readonly text: string | null;
  /** What is wrong with the document. */
  readonly problems: readonly Problem[];
  /** Why the language cannot say it. */
  readonly refusal: ((t: Translator) => string) | null;
}

interface Parts {
  readonly client: LabClient;
  readonly notices: Notices;
  readonly editor: () => { readonly draft: ExperimentSpec } | null;
}

export class ModelCodes {
  current = $state.raw<ModelCode | null>(null);
  #asked = 0;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for the model as code; the newest question is answered. */
  async read(variant: string, language: CodeLanguage): Promise<void> {
    const document = this.#parts.editor()?.draft;
    if (!document) return;
    const asked = ++this.#asked;
    const answer = (code: Partial<ModelCode>): void => {
      if (asked === this.#asked) this.current = { text: null, problems: [], refusal: null, ...code };
    };
    try {
      answer(await this.#parts.client.call('model.code', { document, variant, language }));
    } catch (error) {
      const { code, details } = errorParts(error);
      const { problems } = details;
      if (code === 'INVALID_DOCUMENT' && Array.isArray(problems)) answer({ problems: problems as readonly Problem[] });
      else answer({ refusal: this.#parts.notices.word(error) });
    }
  }
}
