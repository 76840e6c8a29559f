// A certificate names its comparisons in English, and is kept in projects so; this says the same in the reader's language. Names of
// examples and variants stay as they are.
import type { PlainKey } from './catalogue.ts';
import { said, type Phrase, type Words } from './expected.ts';

const GROUPS: Readonly<Record<string, PlainKey>> = {
  draws: 'parity.draws',
  initialization: 'parity.initialization',
  operations: 'parity.operations',
  schedules: 'parity.schedules',
  'ten updates': 'parity.training',
  examples: 'parity.examples',
  'single updates': 'parity.singleUpdates',
  exports: 'parity.exports',
};
const KINDS: Readonly<Record<string, PlainKey>> = {
  layers: 'parity.layers',
  losses: 'parity.losses',
  optimizers: 'parity.optimizers',
  penalties: 'parity.penalties',
  constraints: 'parity.constraints',
  clipping: 'parity.clipping',
};
const LIVE = 'live: ';

const ROWS: readonly Phrase[] = [
  [/^normals$/, 'parity.normals'],
  [/^where the generator stands afterwards$/, 'parity.generator'],
  [/^uniform, whole numbers, orders, masks, pictures$/, 'parity.exactDraws'],
  [/^first values that are no normals$/, 'parity.exactValues'],
  [/^learning rates and momenta$/, 'parity.rates'],
  [/^start of (\d+) recipes, bit by bit$/, 'parity.starts', 'n'],
  [/^references in double precision$/, 'parity.references'],
  [/^engine, (\d+) threads?$/, 'parity.engine', 'n'],
  [/^documents whose files run and fit$/, 'parity.documents'],
  [/^losses of exported PyTorch scripts, against the lab’s$/, 'parity.scriptLosses'],
  [/^losses of exported NumPy scripts, against the PyTorch scripts’$/, 'parity.numpyLosses'],
  [/^outputs of ONNX files by onnxruntime$/, 'parity.onnxOutputs'],
  [/^arrays of safetensors and npz files$/, 'parity.arrays'],
];
/** What follows the name of an example. */
const PARTS: readonly Phrase[] = [
  [/^data and first values$/, 'parity.dataAndValues'],
  [/^pictures and first values$/, 'parity.picturesAndValues'],
  [/^first values$/, 'parity.firstValues'],
  [/^(\d+) updates$/, 'parity.updates', 'n'],
  [/^end$/, 'parity.end'],
  [/^parameters after (\d+) updates$/, 'parity.parametersAfter', 'n'],
  [/^scores after (\d+) updates$/, 'parity.scoresAfter', 'n'],
  [/^parameters$/, 'parity.parameters'],
  [/^loss$/, 'parity.loss'],
  [/^optimizer state$/, 'parity.optimizerState'],
];
const NOTES: readonly Phrase[] = [
  [/^the first (\d+) of (\d+) recorded losses are equal in every bit$/, 'parity.noteEqual', 'n', 'total'],
  [/^from PyTorch’s own state after (.+) updates$/, 'parity.noteFrom', 'steps'],
];

const REMARKS: readonly Phrase[] = [
  [
    /^PyTorch here \((.+)\) is up to (.+) from its own record of "(.+)" \((.+)\)\.$/,
    'parity.remarkRecord',
    'here',
    'difference',
    'record',
    'there',
  ],
  [
    /^(.+): the end is not compared, because PyTorch under other instruction sets ends (.+) from itself here \(the lab: (.+) from it\)\.$/,
    'parity.remarkEnd',
    'example',
    'own',
    'lab',
  ],
];
const NOT_RUN = /^Not run: (.+), because (.+) cannot be imported\.$/;

/** A group, or a step of making the certificate that is called like one. */
export function groupWording(name: string, words: Words): string {
  if (name.startsWith(LIVE)) return words('parity.liveGroup', { group: groupWording(name.slice(LIVE.length), words) });
  const key = Object.hasOwn(GROUPS, name) ? GROUPS[name] : undefined;
  return key ? words(key, {}) : name;
}

export function rowWording(name: string, words: Words): string {
  const row = said(ROWS, name, words);
  if (row !== null) return row;
  const [, kind = '', sums] = /^(\w+)(, sums in their terms)?$/.exec(name) ?? [];
  const key = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (key) return sums === undefined ? words(key, {}) : words('parity.sums', { kind: words(key, {}) });
  const [, example = '', rest = ''] = /^(.+): ([^:]+)$/.exec(name) ?? [];
  const part = said(PARTS, rest, words);
  return part === null ? name : words('parity.part', { example, part });
}

export function remarkWording(remark: string, words: Words): string {
  const [, what, modules] = NOT_RUN.exec(remark) ?? [];
  if (what !== undefined && modules !== undefined)
    return words('parity.remarkNotRun', { what: rowWording(what, words), modules: modules.replaceAll(' and ', ', ') });
  return said(REMARKS, remark, words) ?? remark;
}

export const noteWording = (note: string, words: Words): string => said(NOTES, note, words) ?? note;
