// Why an export refuses a run: a code for each reason, which a window words in its reader's language, and the sentence in English.
import { unsupported, type InteropError } from './interop-error.ts';

/** By code; `value` is what the sentence needs besides the refused part, which the error names. */
const REASONS = {
  numpy_changed: () =>
    'was changed while the run went on, which the NumPy script cannot repeat; take the PyTorch script',
  numpy_augmentation: () => 'the NumPy script has no augmentation; take the PyTorch script',
  numpy_schedule: (value: string) => `the NumPy script has no ${value}; take the PyTorch script`,
  numpy_warm_up: () => 'with CosineAnnealingLR and eta_min torch mixes the two step by step; take the PyTorch script',
  numpy_layer: () => 'the NumPy script is written for dense nets; take the PyTorch script for this one',
  numpy_normalises_features: () =>
    'the NumPy script normalises features only, not pictures; put a Flatten before it or take the PyTorch script',
  numpy_trunc_normal: () =>
    'trunc_normal needs the inverse error function, which NumPy does not have; take the PyTorch script',
  change_value: (value: string) => `cannot be written with the value ${value}`,
  change_one_cycle: () => 'OneCycleLR computes every learning rate from max_lr, so a change has no effect in torch',
  change_rmsprop_momentum: () => 'torch cannot give RMSprop a momentum during a run that began without one',
  change_field: () => 'a change of this field during the run cannot be written into a script',
} as const satisfies Readonly<Record<string, (value: string) => string>>;

export type RefusalCode = keyof typeof REASONS;
export const REFUSAL_CODES = Object.keys(REASONS) as readonly RefusalCode[];

/** @param what the refused part: a field's path, or a layer and its type. */
export const refused = (what: string, refusal: RefusalCode, value = ''): InteropError =>
  unsupported(what, REASONS[refusal](value), { refusal, value });
