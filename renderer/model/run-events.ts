// Changes that were made while a run went on, as people read them: at which step, which setting, from what to what.
import {
  readField,
  resolveVariant,
  writeField,
  type ExperimentSpec,
  type ResolvedVariant,
  type RunEvent,
} from '../../engine/spec/index.ts';

export interface ChangeRow {
  readonly step: number;
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** @param events in order. */
export function changeRows(experiment: ExperimentSpec, variant: string, events: readonly RunEvent[]): ChangeRow[] {
  const document = resolveVariant(experiment, variant);
  const now = new Map<string, unknown>();
  return events.map(({ step, path, value }) => {
    const from = now.has(path) ? now.get(path) : readField(document, path);
    now.set(path, value);
    return { step, path, from, to: value };
  });
}

/** The value of a field as a run has it now; undefined when there is no such field. */
export function valueNow(
  experiment: ExperimentSpec,
  variant: string,
  events: readonly RunEvent[],
  path: string,
): unknown {
  const last = events.findLast((x) => x.path === path);
  return last ? last.value : readField(resolveVariant(experiment, variant), path);
}

/** `model.layers.dropout1.p` → `dropout1.p`, `recipe.optimizer.lr` → `lr`: short; the whole path belongs in the tooltip. */
export const shortPath = (path: string): string =>
  path
    .split('.')
    .slice(path.startsWith('model.layers.') ? 2 : -1)
    .join('.');

/** The variant as a run trains it now: its document and the changes made since. */
export function resolvedNow(experiment: ExperimentSpec, variant: string, events: readonly RunEvent[]): ResolvedVariant {
  const resolved = structuredClone(resolveVariant(experiment, variant));
  for (const { path, value } of events) writeField(resolved, path, value);
  return resolved;
}
