// What may change while a run goes on: how it is trained from here, but not what it is trained on, nor what is trained.
import { EngineError } from '../plan/index.ts';
import { checkVariant, readField, writeField, type ResolvedVariant, type RunEvent } from '../spec/index.ts';

/** Fields of the recipe that a run keeps: they decide what has been recorded so far, or how long the run is. */
const FIXED = new Set([
  'steps',
  'epochs',
  'batch_size',
  'shuffle',
  'drop_last',
  'loss',
  'evaluate_every',
  'checkpoint_every',
]);
/** What torch's own objects cannot do in the middle of a run, so that no script could say it. */
function torchRefuses(
  { recipe: { optimizer, schedule } }: ResolvedVariant,
  path: string,
  value: unknown,
): string | null {
  if (schedule.type === 'OneCycleLR' && path === 'recipe.optimizer.lr')
    return 'OneCycleLR alone moves the learning rate';
  const startsMomentum =
    path === 'recipe.optimizer.momentum' && optimizer.type === 'RMSprop' && optimizer.momentum === 0;
  return startsMomentum && value !== 0 ? 'RMSprop began without momentum' : null;
}

/** Fields of a layer that change nothing of its shape. */
const OF_LAYERS = new Set(['p', 'regularization']);

const refuse = (path: string, reason: string): EngineError =>
  new EngineError('BAD_OPTION', `${path} cannot change during a run: ${reason}`, { option: path });

/** @throws EngineError BAD_OPTION naming the path. */
function requireChangeable(resolved: ResolvedVariant, path: string, value: unknown): void {
  const refusal = torchRefuses(resolved, path, value);
  if (refusal !== null) throw refuse(path, refusal);
  const [part = '', ...rest] = path.split('.');
  const optional = rest[0] === 'layers' && rest[2] === 'regularization';
  if (readField(resolved, path) === undefined && !optional) throw refuse(path, 'there is no such field');
  if (part === 'recipe') {
    if (
      rest.length === 0 ||
      FIXED.has(rest[0] ?? '') ||
      path === 'recipe.optimizer' ||
      path === 'recipe.optimizer.type'
    )
      throw refuse(path, 'it decides what has been trained so far');
    return;
  }
  if (part === 'model' && rest[0] === 'layers' && OF_LAYERS.has(rest[2] ?? '')) return;
  throw refuse(path, part === 'data' ? 'the data is drawn when it begins' : 'it would be another model');
}

/**
 * The variant with one field changed.
 * @throws DocumentError when it would be none; EngineError BAD_OPTION when the field cannot change during a run.
 */
export function changed(resolved: ResolvedVariant, path: string, value: unknown): ResolvedVariant {
  requireChangeable(resolved, path, value);
  const copy = structuredClone(resolved);
  writeField(copy, path, structuredClone(value));
  return checkVariant(copy);
}

/** The variant after all changes of a run. */
export const withEvents = (resolved: ResolvedVariant, events: readonly RunEvent[]): ResolvedVariant =>
  events.reduce((current, { path, value }) => changed(current, path, value), resolved);
