// The settings of an experiment as tables: which field of the document, of which kind, under which label. One row component
// shows them all, so a new field of the document needs a line in a table and no component. This file says what a line is.
import { readField, type ExperimentSpec } from '../../engine/spec/index.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { setFields, type Edit } from './edits.ts';

interface FieldBase {
  /** All of them get the value; problems at or below them stand at the field. */
  readonly paths: readonly string[];
  readonly label: PlainKey;
  readonly hint?: PlainKey;
  /** A group of fields that this one switches: problems of the group itself stand here, too. */
  readonly whole?: string;
}

export interface NumberFieldSpec extends FieldBase {
  readonly kind: 'number';
  readonly step?: number;
  readonly min?: number;
  readonly unit?: PlainKey;
  /** What an empty field means, when it may be empty; the document then holds null. */
  readonly empty?: PlainKey;
  /** For values that are not simply at the path. */
  readonly read?: (document: ExperimentSpec) => unknown;
  readonly edit?: (value: unknown) => Edit;
}
export interface ToggleFieldSpec extends FieldBase {
  readonly kind: 'toggle';
}
export interface Option {
  readonly value: string;
  /** Without one, the value is its own name (torch's word for it). */
  readonly label?: PlainKey;
}
export interface ChoiceFieldSpec extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly Option[];
  /** For choices that are not simply a text at the path. */
  readonly read?: (document: ExperimentSpec) => string;
  readonly edit?: (value: string) => Edit;
}
/** Several numbers under one label, one per path. */
export interface TupleFieldSpec extends FieldBase {
  readonly kind: 'tuple';
  readonly parts: readonly PlainKey[];
  readonly step?: number;
  readonly min?: number;
}
/** A list of numbers at one path, as long as it is read. */
export interface ListFieldSpec extends FieldBase {
  readonly kind: 'list';
  /** What stands before the number at a place: `x²`. The same in every language. */
  readonly caption: (index: number) => string;
  readonly read: (document: ExperimentSpec) => readonly unknown[];
  /** Words of the buttons that make it longer and shorter, and its greatest length; without them its length is given. */
  readonly resize?: { readonly add: PlainKey; readonly remove: PlainKey; readonly most: number };
  readonly step?: number;
  readonly min?: number;
}
export type FieldSpec = NumberFieldSpec | ToggleFieldSpec | ChoiceFieldSpec | TupleFieldSpec | ListFieldSpec;

/** What is always seen, and what is folded away. */
export interface FieldGroup {
  readonly main: readonly FieldSpec[];
  readonly more: readonly FieldSpec[];
}

type Rest<F extends FieldSpec> = Partial<Omit<F, 'kind' | 'paths' | 'label'>>;

export const number = (path: string, label: PlainKey, rest: Rest<NumberFieldSpec> = {}): NumberFieldSpec => ({
  kind: 'number',
  paths: [path],
  label,
  ...rest,
});
export const toggle = (path: string, label: PlainKey, hint?: PlainKey): ToggleFieldSpec => ({
  kind: 'toggle',
  paths: [path],
  label,
  ...(hint && { hint }),
});
export const choice = (
  path: string,
  label: PlainKey,
  options: readonly Option[],
  rest: Rest<ChoiceFieldSpec> = {},
): ChoiceFieldSpec => ({ kind: 'choice', paths: [path], label, options, ...rest });

/** Options that are called by torch's names. */
export const named = (...values: readonly string[]): readonly Option[] => values.map((value) => ({ value }));

export const COUNT = { step: 1, min: 0 } as const;

/** The value that a number field shows; undefined when its fields differ from each other. */
export function readNumber(document: ExperimentSpec, field: NumberFieldSpec): unknown {
  if (field.read) return field.read(document);
  const [value, ...others] = field.paths.map((path) => readField(document, path));
  return others.some((x) => x !== value) ? undefined : (value ?? '');
}

/** What typing into a number field does. */
export function editNumber(field: NumberFieldSpec, value: unknown): Edit {
  const meant = value === '' && field.empty ? null : value;
  return field.edit ? field.edit(meant) : setFields(field.paths, meant);
}

export function readChoice(document: ExperimentSpec, field: ChoiceFieldSpec): string {
  if (field.read) return field.read(document);
  const value = readField(document, field.paths[0] ?? '');
  return typeof value === 'string' ? value : '';
}

/** Choosing what is chosen already changes nothing: another kind would bring fresh fields along. */
export const editChoice =
  (field: ChoiceFieldSpec, value: string): Edit =>
  (document) => {
    if (readChoice(document, field) === value) return document;
    return (field.edit ? field.edit(value) : setFields(field.paths, value))(document);
  };
