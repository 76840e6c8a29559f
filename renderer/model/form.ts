// The whole form of an experiment: its sections with their fields, and which problems no field of it shows.
import type { ExperimentSpec, LayerSpec, Problem } from '../../engine/spec/index.ts';
import { augmentationFields } from './augmentation.ts';
import { dataFields } from './data-fields.ts';
import type { FieldGroup, FieldSpec } from './fields.ts';
import { widthPaths, type L2Place } from './knobs.ts';
import { dropField, layerFields, widthField } from './layer-fields.ts';
import { regularizationFields, stoppingFields, trainingFields } from './recipe-fields.ts';
import { scheduleFields } from './schedule-fields.ts';

export interface LayerForm {
  readonly layer: LayerSpec;
  readonly p: FieldSpec | null;
  readonly fields: readonly FieldSpec[];
}

export interface Form {
  readonly data: FieldGroup;
  readonly width: FieldSpec | null;
  readonly layers: readonly LayerForm[];
  readonly training: FieldGroup;
  readonly schedule: FieldGroup;
  readonly regularization: FieldGroup;
  readonly augmentation: readonly FieldSpec[];
  readonly stopping: readonly FieldSpec[];
}

export const formOf = (document: ExperimentSpec, l2: L2Place): Form => ({
  data: dataFields(document.data),
  width: widthField(widthPaths(document)),
  layers: document.model.layers.map((layer) => ({ layer, p: dropField(layer), fields: layerFields(layer) })),
  training: trainingFields(document),
  schedule: scheduleFields(document),
  regularization: regularizationFields(l2),
  augmentation: augmentationFields(document),
  stopping: stoppingFields(document),
});

const isAt = (problem: Problem, { paths, whole }: Pick<FieldSpec, 'paths' | 'whole'>): boolean =>
  problem.path === whole || paths.some((path) => problem.path === path || problem.path.startsWith(`${path}.`));

/** The problem that stands at a field. */
export const problemOf = (
  problems: readonly Problem[],
  field: Pick<FieldSpec, 'paths' | 'whole'>,
): Problem | undefined => problems.find((problem) => isAt(problem, field));

/** Fields that stand outside the tables; a variant has a row of its own, and so has a layer. */
const ELSEWHERE = ['variants', 'seed', 'name', 'description'] as const;

/** Problems that stand at no field, and must be said elsewhere. */
export function homeless(form: Form, document: ExperimentSpec, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length === 0) return problems;
  const { data, width, training, schedule, regularization, augmentation, stopping } = form;
  const groups = [data, training, schedule, regularization].flatMap(({ main, more }) => [...main, ...more]);
  const fields = [...groups, ...augmentation, ...stopping, ...(width ? [width] : [])];
  const places = [
    ...ELSEWHERE,
    ...document.model.layers.map(({ name }) => `model.layers.${name}`),
    ...(document.data.type === 'table' ? ['data.x', 'data.y'] : []),
    ...(document.data.type === 'dataset'
      ? ['data.columns', 'data.split', 'data.standardize', 'data.standardize_target']
      : []),
  ];
  return problems.filter(
    (problem) => !isAt(problem, { paths: places }) && !fields.some((field) => isAt(problem, field)),
  );
}
