// The dependency rule of the architecture, as one table and one lint rule: what each folder may import of ours.
import type { Rule } from 'eslint';
import { dirname, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

interface Layer {
  /** Files whose path starts with this; the longest match counts. */
  readonly folder: string;
  /** Folders of ours that it may import besides itself. */
  readonly may: readonly string[];
  /** Whether it may touch Node's modules. */
  readonly node: boolean;
}

const ENGINE = ['engine/'] as const;
const SERVICES = [
  'main/contract/',
  'main/services/',
  'main/project/',
  'engine/spec/',
  'engine/process/protocol.ts',
] as const;

/** What hosts need besides: where the engine’s programs lie, its draw of the data, and the version. */
const HOSTED = ['engine/process/node-entries.ts', 'engine/data/draw-points.ts', 'package.json'] as const;

/** What turns runs into files for other programs, and back. */
const EXCHANGE = [
  'engine/interop/',
  'engine/data/',
  'engine/random/',
  'engine/train/checkpoint.ts',
  'engine/train/index.ts',
] as const;

/** What holds the engine to PyTorch's numbers. */
const PARITY = ['engine/parity/', 'engine/process/node-', 'engine/kernels/cpu/load.ts'] as const;

/** Longest prefix first is not needed: the rule picks it. */
export const LAYERS: readonly Layer[] = [
  { folder: 'engine/spec/', may: [], node: false },
  { folder: 'engine/random/', may: ['engine/spec/'], node: false },
  {
    folder: 'engine/data/',
    may: ['engine/spec/', 'engine/random/', 'engine/plan/engine-error.ts', 'engine/interop/'],
    node: false,
  },
  { folder: 'engine/ops/', may: ['engine/spec/', 'engine/random/'], node: false },
  { folder: 'engine/interop/', may: ['engine/spec/'], node: false },
  {
    folder: 'engine/plan/',
    // layout.ts is the one description of an instruction that the planner writes and the kernels read.
    may: [
      'engine/spec/',
      'engine/random/',
      'engine/ops/',
      'engine/kernels/cpu/assembly/layout.ts',
      'engine/kernels/cpu/root-table.ts',
    ],
    node: false,
  },
  { folder: 'engine/kernels/', may: ['engine/spec/', 'engine/ops/', 'engine/plan/', 'engine/random/'], node: false },
  { folder: 'engine/train/', may: ENGINE, node: false },
  // What PyTorch recorded, computed again; the records are read by hosts.
  { folder: 'engine/parity/', may: ENGINE, node: false },
  { folder: 'engine/process/', may: ENGINE, node: false },
  { folder: 'engine/process/node-', may: ENGINE, node: true },
  { folder: 'main/contract/', may: ['engine/spec/'], node: false },
  { folder: 'main/services/', may: SERVICES, node: false },
  { folder: 'main/project/', may: SERVICES, node: false },
  { folder: 'main/node/', may: [...SERVICES, ...HOSTED, ...EXCHANGE, ...PARITY, 'assets/'], node: true },
  { folder: 'main/electron/preload', may: ['main/electron/'], node: false },
  { folder: 'main/electron/', may: [...SERVICES, ...HOSTED, 'main/node/', 'assets/'], node: true },
  { folder: 'main/browser/', may: [...SERVICES, ...HOSTED, 'main/node/', 'assets/'], node: true },
  { folder: 'main/cli/', may: [...SERVICES, ...HOSTED, 'main/node/', 'assets/'], node: true },
  { folder: 'main/setup/', may: [], node: true },
  { folder: 'renderer/', may: ['main/contract/', 'engine/spec/'], node: false },
  { folder: 'assets/', may: ['engine/spec/'], node: false },
  { folder: 'test/', may: ['engine/', 'main/', 'renderer/', 'assets/'], node: true },
];

/**
 * Why `file` may not import `source`, or null when it may.
 * @param file path from the repository root.
 * @param source the import's text.
 */
export function forbidden(file: string, source: string): string | null {
  const layer = LAYERS.filter((x) => file.startsWith(x.folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
  // Tests stand beside the code and may use Node and the test folder's own parts.
  const isTest = /\.test\.ts$/.test(file) || file.startsWith('test/');
  if (!layer || isTest) return null;
  if (source.startsWith('node:'))
    return layer.node ? null : `${layer.folder} must not touch Node's modules (${source})`;
  if (source === 'electron') {
    return file.startsWith('main/electron/') ? null : `only main/electron/ may import electron`;
  }
  if (!source.startsWith('.')) return null;
  const target = relative(root, resolve(root, dirname(file), source))
    .split(sep)
    .join('/');
  const own = layer.folder.endsWith('/') ? layer.folder : layer.folder.slice(0, layer.folder.lastIndexOf('/') + 1);
  if (target.startsWith(own) || layer.may.some((x) => target.startsWith(x))) return null;
  return `${layer.folder} must not import ${target}`;
}

export const layersRule: Rule.RuleModule = {
  meta: { type: 'problem', schema: [], docs: { description: 'imports follow the layers of the architecture' } },
  create(context) {
    const file = relative(root, context.filename).split(sep).join('/');
    const check = (node: Rule.Node, source: unknown) => {
      if (typeof source !== 'string') return;
      const message = forbidden(file, source);
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ImportExpression: (node) => check(node, node.source.type === 'Literal' ? node.source.value : undefined),
    };
  },
};
