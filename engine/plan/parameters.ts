// What a network learns and remembers, as buffers: values, gradients, optimizer state, running statistics.
import type { ParameterTreatment } from '../ops/index.ts';
import { elements, type LayerShape, type ResolvedVariant } from '../spec/index.ts';
import { padded } from './geometry.ts';
import type { Buffer } from './instruction.ts';

/** An array of the network stored as rows of `stride` floats; the padding stays zero. */
export interface StoredArray {
  /** torch's name, `fc1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  /** Stored as one row, whatever its shape: biases, scales, statistics. */
  readonly isVector: boolean;
  readonly value: Buffer;
}

/** A trained array with what belongs to it, all stored alike. */
export interface Parameter extends StoredArray {
  readonly layer: string;
  /** What acts on it besides its gradient. */
  readonly treatment: ParameterTreatment;
  readonly gradient: Buffer;
  /** By torch's optimizer: momentum buffer (SGD); first and second moment (Adam); square average, momentum, gradient average (RMSprop); sum (Adagrad). */
  readonly states: readonly Buffer[];
  /** f64 per MEASURED_ROWS rows: squares of the gradient. */
  readonly norms: Buffer;
}

/** Rows whose squared gradients are measured together, as in the kernels. */
const MEASURED_ROWS = 12;

export const floats = (name: string, count: number): Buffer => ({
  name,
  bytes: 4 * count,
  persistent: true,
  perExample: false,
});

function store(name: string, shape: readonly number[], isVector: boolean): StoredArray {
  const rows = isVector ? 1 : (shape[0] as number);
  const columns = elements(isVector ? shape : shape.slice(1));
  const stride = padded(columns);
  return { name, shape, rows, columns, stride, isVector, value: floats(name, rows * stride) };
}

/** Number of state arrays per parameter. RMSprop keeps its third place for the average of gradients. */
export function optimizerStates({ optimizer, schedule }: ResolvedVariant['recipe']): number {
  switch (optimizer.type) {
    case 'SGD':
      return optimizer.momentum > 0 || schedule.type === 'OneCycleLR' ? 1 : 0;
    case 'Adam':
    case 'AdamW':
      return 2;
    case 'RMSprop':
      return optimizer.centered ? 3 : optimizer.momentum > 0 ? 2 : 1;
    case 'Adagrad':
      return 1;
    default:
      return optimizer satisfies never;
  }
}

/** Rows of a parameter as updates count them: of a matrix its rows, of a vector its elements. */
export const updateRows = ({ isVector, rows, columns }: StoredArray): number => (isVector ? columns : rows);
/** Floats from one such row to the next. */
export const updateWidth = ({ isVector, stride }: StoredArray): number => (isVector ? 1 : stride);

export interface Arrays {
  /** In torch's order: layer by layer, weight then bias. */
  readonly parameters: readonly Parameter[];
  /** Running statistics. */
  readonly state: readonly StoredArray[];
  /** All parameters' `norms`, one after another. */
  readonly norms: Buffer;
}

export function makeArrays(
  shapes: readonly LayerShape[],
  treatments: readonly ParameterTreatment[],
  states: number,
): Arrays {
  const described = treatments.map((treatment) => ({
    treatment,
    stored: store(treatment.name, treatment.shape, treatment.role !== 'weight'),
  }));
  const groups = described.map(({ stored }) => Math.ceil(updateRows(stored) / MEASURED_ROWS));
  const norms: Buffer = {
    name: 'gradient.norms',
    bytes: 8 * groups.reduce((sum, x) => sum + x, 0),
    persistent: true,
    perExample: false,
  };
  let offset = 0;
  const parameters = described.map(({ treatment, stored }, i): Parameter => {
    const part = {
      ...norms,
      name: `${stored.name}.norms`,
      bytes: 8 * (groups[i] ?? 0),
      within: { buffer: norms, offset },
    };
    offset += part.bytes;
    const like = (suffix: string): Buffer => floats(`${stored.name}${suffix}`, stored.rows * stored.stride);
    return {
      ...stored,
      layer: treatment.layer,
      treatment,
      gradient: like('.grad'),
      states: Array.from({ length: states }, (_, k) => like(`.state${k + 1}`)),
      norms: part,
    };
  });
  const state = shapes.flatMap((layer) => layer.state.map((s) => store(`${layer.name}.${s.name}`, s.shape, true)));
  return { parameters, state, norms };
}
