// The kinds of data that a person can choose, in the order of the list, each with data to begin with.
import * as presets from './painted-presets.ts';
import { Data, parseWith, type DataSpec } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';

export interface DataKind {
  readonly id: string;
  readonly label: PlainKey;
  /** One line on what it is. */
  readonly hint: PlainKey;
  /** Data to begin with; not to be changed in place. */
  readonly data: DataSpec;
}

const kind = <I extends string>(id: I, label: PlainKey, hint: PlainKey, data: object) => ({
  id,
  label,
  hint,
  data: parseWith(Data, data, 'Data'),
});

const LINE = { x_min: -1, x_max: 1 };
const FEW = { train: 40, validation: 40, test: 100 };
const SOME = { train: 200, validation: 100, test: 200 };

export const DATA_KINDS = [
  kind('linear_noise', 'generators.line', 'data.line', {
    type: 'linear_noise',
    ...LINE,
    points: 20,
    slope: 1,
    noise: 0.3,
  }),
  kind('polynomial', 'generators.polynomial', 'generators.polynomialIs', {
    type: 'polynomial',
    ...LINE,
    ...FEW,
    coefficients: [0, -1, 0, 2],
    noise: 0.15,
  }),
  kind('sine', 'generators.sine', 'generators.sineIs', { type: 'sine', ...LINE, ...FEW, noise: 0.2 }),
  kind('linear', 'generators.linear', 'generators.linearIs', {
    type: 'linear',
    ...SOME,
    train: 100,
    features: 200,
    informative: 5,
    coefficient: 2,
    correlation: 0.5,
    noise: 1,
  }),
  kind('moons', 'generators.moons', 'generators.moonsIs', { type: 'moons', ...SOME, noise: 0.2 }),
  kind('circles', 'generators.circles', 'generators.circlesIs', { type: 'circles', ...SOME, noise: 0.1 }),
  kind('spirals', 'generators.spirals', 'generators.spiralsIs', { type: 'spirals', ...SOME, turns: 1, noise: 0.03 }),
  kind('xor', 'generators.xor', 'generators.xorIs', { type: 'xor', ...SOME, noise: 0.15 }),
  kind('blobs', 'generators.blobs', 'generators.blobsIs', { type: 'blobs', ...SOME, cluster_std: 0.25 }),
  kind('shapes32', 'generators.shapes32', 'data.shapes32', {
    type: 'shapes32',
    train: 1000,
    validation: 500,
    test: 500,
  }),
  kind('painted_curve', 'generators.paintedCurve', 'generators.paintedCurveIs', presets.CURVE),
  kind('painted_surface', 'generators.paintedSurface', 'generators.paintedSurfaceIs', presets.SURFACE),
  kind('painted_classes', 'generators.paintedClasses', 'generators.paintedClassesIs', presets.CLASSES),
] as const satisfies readonly DataKind[];

export type DataKindId = (typeof DATA_KINDS)[number]['id'];
/** Data that a document can have but nobody can choose from nothing: they come from a file or another document. */
export type OtherKindId = 'table' | 'cifar10' | 'dataset';

/** Which entry of the list the data are. */
export function kindOf(data: DataSpec): DataKindId | OtherKindId {
  if (data.type !== 'table') return data.type;
  if (data.shape !== null) return 'table';
  const [inputs, targets] = [data.features ?? data.x[0]?.length, data.y[0]?.length ?? 1];
  if (data.classes !== null) return inputs === 2 ? 'painted_classes' : 'table';
  if (targets !== 1) return 'table';
  return inputs === 1 ? 'painted_curve' : inputs === 2 ? 'painted_surface' : 'table';
}

const OTHERS = {
  table: { label: 'generators.table', hint: 'data.table' },
  cifar10: { label: 'generators.cifar10', hint: 'data.cifar10' },
  dataset: { label: 'generators.dataset', hint: 'data.dataset' },
} as const satisfies Record<OtherKindId, Omit<DataKind, 'id' | 'data'>>;

/** Label and hint of a kind. */
export const kindWords = (id: DataKindId | OtherKindId): { readonly label: PlainKey; readonly hint: PlainKey } =>
  DATA_KINDS.find((x) => x.id === id) ?? OTHERS[id as OtherKindId];
