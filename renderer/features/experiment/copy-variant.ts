// A variant put on the clipboard by a button.
import type { VariantClipboard } from '../../state/variant-clipboard.ts';
import { copyToClipboard } from '../model/copy-text.ts';

/** Only in answer to a press or a key. */
export function copyVariant(variants: VariantClipboard, page: Document, name: string): void {
  const text = variants.copy(name);
  if (text !== null && copyToClipboard(page, text)) variants.copied(name);
}
