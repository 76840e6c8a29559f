// A run as files for other programs: gathers what an exporter needs, and puts what it makes where it was asked for.
import { resolveVariant, type DatasetSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { Input, Output } from '../contract/methods.ts';
import {
  EXPORT_REFUSALS,
  type ExportedFile,
  type ExportFormat,
  type RunEventRow,
  type RunRecord,
  type RunSummary,
} from '../contract/shapes.ts';
import { withEnding } from './file-kinds.ts';
import type { Projects } from './lab.types.ts';
import type { FileContent, RunExporter } from './ports.ts';
import { runsCsv } from './run-csv.ts';
import type { RunStore } from './run-store.ts';

export interface RunExportPorts {
  readonly exporter: RunExporter;
  readonly store: () => RunStore;
  /** @throws LabError DATA_MISSING, BAD_DATA_FILE. */
  readonly datasetFile: (data: DatasetSpec, signal: AbortSignal) => Promise<string>;
  readonly projects: () => Pick<Projects, 'writeFiles'>;
  readonly summary: (runId: string) => RunSummary;
  readonly read: (runId: string) => RunRecord;
  readonly events: (runId: string) => readonly RunEventRow[];
  /** Checkpoints that were heard of lie in the store afterwards. @throws LabError when they cannot. */
  readonly storeAll: () => void;
}

/** What becomes part of a file's name; the rest is left out. */
export const plainName = (text: string): string =>
  text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');

/** `regression-dropout-12.onnx`: the experiment, the variant and the run's number. */
export function exportName({ experiment, variant, number }: RunSummary, format: ExportFormat): string {
  const parts = [plainName(experiment.name), plainName(variant), String(number)].filter((x) => x !== '');
  return withEnding(parts.join('-'), format);
}

/** Why a format cannot say a run, found without writing or drawing anything; null: it can. */
export async function exportRefusal(
  ports: RunExportPorts,
  { runId, format }: Input<'run.exportable'>,
): Promise<Output<'run.exportable'>> {
  const summary = ports.summary(runId);
  if (format === 'csv') return null;
  try {
    await ports.exporter.check({ summary, events: ports.events(runId) }, format);
    return null;
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'EXPORT_UNSUPPORTED') throw error;
    const { what, reason, refusal, value } = error.details;
    return {
      what: String(what),
      reason: String(reason),
      refusal: EXPORT_REFUSALS.find((x) => x === refusal) ?? null,
      value: typeof value === 'string' ? value : '',
    };
  }
}

/** Formats that lay the data beside what they write. */
const WITH_DATA: ReadonlySet<ExportFormat> = new Set(['pytorch', 'numpy']);

export async function exportRun(
  ports: RunExportPorts,
  input: Input<'run.export'>,
  signal: AbortSignal,
): Promise<ExportedFile[]> {
  const { runId, format, weights, destination, replace } = input;
  const summary = ports.summary(runId);
  const files = await make();
  if (destination !== null) ports.projects().writeFiles(destination, format, files, replace);
  return files.map(({ name, bytes }) => ({
    name,
    sizeBytes: bytes.byteLength,
    bytes: destination === null ? bytes : null,
  }));

  async function make(): Promise<readonly FileContent[]> {
    const record = ports.read(runId);
    if (format === 'csv')
      return [{ name: exportName(summary, format), bytes: new TextEncoder().encode(runsCsv([{ summary, record }])) }];
    ports.storeAll();
    const checkpoint = ports.store().checkpoint(runId, weights === 'best' ? 'best' : 'latest');
    const { data } = resolveVariant(summary.experiment, summary.variant);
    const datasetFile = data.type === 'dataset' && WITH_DATA.has(format) ? await ports.datasetFile(data, signal) : null;
    const source = { summary, events: record.events, checkpoint, datasetFile };
    const [first, ...beside] = await ports.exporter.files(source, format);
    // What lies beside a script is named in it; the script itself may be called anything.
    return first === undefined ? [] : [{ ...first, name: exportName(summary, format) }, ...beside];
  }
}
