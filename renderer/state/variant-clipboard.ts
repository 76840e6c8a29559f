// Variants to and from the clipboard, through the editor; what cannot be pasted is said and changes nothing.
import type { Translator } from '../messages/translator.ts';
import { copyVariant, pasteVariant, type PasteRefusal } from '../model/variant-clipboard.ts';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import type { Notices } from './notices.svelte.ts';

interface Parts {
  readonly notices: Notices;
  readonly editor: () => ExperimentEditor | null;
  readonly readOnly: () => boolean;
}

export class VariantClipboard {
  readonly #parts: Parts;
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A variant as text; null: there is none of that name. */
  copy(name: string): string | null {
    const document = this.#parts.editor()?.draft;
    return document ? copyVariant(document, name) : null;
  }

  /** Says that a variant lies on the clipboard now. */
  copied(name: string): void {
    this.#parts.notices.info('variant.copied', (t) => t.text('take.copiedVariant', { name }));
  }

  paste(text: string): void {
    const { notices, readOnly } = this.#parts;
    const editor = this.#parts.editor();
    if (!editor) return;
    if (readOnly()) {
      notices.error({ code: 'READ_ONLY' });
      return;
    }
    const result = pasteVariant(editor.good, text);
    if ('reason' in result) {
      notices.info('variant.refused', (t) => refusalWords(result, t));
      return;
    }
    editor.apply(() => result.document);
    notices.info('variant.pasted', (t) => t.text('take.pastedVariant', { name: result.name }));
  }
}

function refusalWords(refusal: PasteRefusal, t: Translator): string {
  switch (refusal.reason) {
    case 'other':
      return t.text(refusal.kind === 'layers' ? 'take.pasteLayersThere' : 'take.pasteNoVariant');
    case 'newer':
      return t.text('take.pasteNewer');
    case 'wrong':
      return t.text('take.pasteWrong', { problem: `${refusal.problem.path}: ${t.problem(refusal.problem)}` });
    case 'misfit':
      return t.text('take.pasteMisfit', { name: refusal.name, problem: t.problem(refusal.problem) });
    default:
      return refusal satisfies never;
  }
}
