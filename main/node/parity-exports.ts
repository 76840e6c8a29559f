// Exported files against the programs that they are for: check_exports.py runs them, here its findings become rows of the certificate.
import { join } from 'node:path';
import { tallyRow, unequalRow, type ParityFindings, type ParityRow } from '../../engine/parity/rows.ts';
import type { LiveTools } from './parity-live.ts';
import { runPython } from './python.ts';

/** Not shipped: it lies in the clone. */
export const CHECKER = 'test/interop/check_exports.py';

const KINDS = {
  lab: 'losses of exported PyTorch scripts, against the lab’s',
  numpy: 'losses of exported NumPy scripts, against the PyTorch scripts’',
  onnx: 'outputs of ONNX files by onnxruntime',
  safetensors: 'arrays of safetensors and npz files',
} as const;
type Kind = keyof typeof KINDS;

/** What check_exports.py prints first. */
interface Head {
  /** Modules that cannot be imported, by what needs them. */
  readonly missing: Readonly<Partial<Record<Kind, readonly string[]>>>;
  readonly bounds: Readonly<Partial<Record<Kind, number>>>;
  readonly documents: number;
}
interface Checked {
  readonly name: string;
  readonly problems: readonly string[];
  readonly found: Readonly<Partial<Record<Kind, number>>>;
}
export interface CheckedExports extends Head {
  readonly checked: readonly Checked[];
}

/** @throws Error with the script's last words. */
export async function checkExports(
  { python, root }: LiveTools,
  folder: string,
  signal: AbortSignal,
): Promise<CheckedExports> {
  const lines: string[] = [];
  await runPython(python.command, [join(root, CHECKER), folder, '--json'], {
    signal,
    onLine: (line) => void lines.push(line),
  });
  const [head, ...checked] = lines.map((line) => JSON.parse(line) as unknown);
  return { ...(head as Head), checked: checked as Checked[] };
}

const GROUP = 'live: exports';

function kindRow(kind: Kind, { bounds, checked }: CheckedExports): ParityRow {
  const found = checked.flatMap(({ name, found: { [kind]: largest } }) =>
    largest === undefined ? [] : [{ name, largest }],
  );
  const worst = found.reduce((most, x) => (x.largest > most.largest ? x : most), { name: '', largest: 0 });
  const tally = { comparisons: found.length, largest: worst.largest, where: worst.name };
  const tolerance = bounds[kind];
  return tallyRow(GROUP, KINDS[kind], tally, {
    tolerance: tolerance ?? 0,
    ...(tolerance === undefined && { unit: 'absolute' }),
  });
}

/** A row for each kind of file, and one for scripts that do not run; what could not be run is said. */
export function exportRows(exports: CheckedExports): ParityFindings {
  const { missing, documents, checked } = exports;
  const problems = checked.flatMap((x) => (x.problems.length > 0 ? [`${x.name}: ${x.problems.join('; ')}`] : []));
  if (checked.length !== documents) problems.push(`only ${checked.length} of ${documents} documents were checked`);
  const kinds = Object.keys(KINDS) as Kind[];
  return {
    rows: [
      unequalRow(GROUP, 'documents whose files run and fit', documents, problems),
      ...kinds.filter((x) => !missing[x]).map((x) => kindRow(x, exports)),
    ],
    remarks: kinds.flatMap((x) =>
      missing[x] ? [`Not run: ${KINDS[x]}, because ${missing[x].join(' and ')} cannot be imported.`] : [],
    ),
  };
}
