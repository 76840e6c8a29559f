// Every example of an experiment's data as a file that the person takes away.
import type { DatasetSpec, ExperimentSpec } from '../../engine/spec/index.ts';
import type { Input } from '../contract/methods.ts';
import type { ExportedFile, FileKind, PointFormat } from '../contract/shapes.ts';
import { withEnding } from './file-kinds.ts';
import type { Projects } from './lab.types.ts';
import type { PointsExporter } from './ports.ts';
import { plainName } from './run-export.ts';

interface PointsExportPorts {
  readonly exportPoints: PointsExporter;
  /** Writes an imported data set to a file that can be read, and says where. */
  readonly datasetFile: (data: DatasetSpec, signal: AbortSignal) => Promise<string>;
  readonly projects: Pick<Projects, 'writeFiles'>;
}

const KINDS = { csv: 'csv', npy: 'npz' } as const satisfies Record<PointFormat, FileKind>;

export async function exportPoints(
  ports: PointsExportPorts,
  document: ExperimentSpec,
  { format, destination, replace }: Omit<Input<'data.export'>, 'experimentId'>,
  signal: AbortSignal,
): Promise<ExportedFile[]> {
  const { data } = document;
  const file = data.type === 'dataset' ? await ports.datasetFile(data, signal) : null;
  const bytes = await ports.exportPoints(document, format, file);
  const kind = KINDS[format];
  const name = withEnding([plainName(document.name), 'points'].filter((x) => x !== '').join('-'), kind);
  if (destination !== null) ports.projects.writeFiles(destination, kind, [{ name, bytes }], replace);
  return [{ name, sizeBytes: bytes.byteLength, bytes: destination === null ? bytes : null }];
}
