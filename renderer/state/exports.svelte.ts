// Taking a run away as a file for another program: which formats can say it, where it goes, and what was written.
import type { LabClient } from '../../main/contract/methods.ts';
import {
  EXPORT_FORMATS,
  type ExportedFile,
  type ExportFormat,
  type ExportRefusal,
  type PointFormat,
} from '../../main/contract/shapes.ts';
import { exportName, POINT_KINDS, pointsName } from '../model/export-name.ts';
import type { ExperimentEditor } from './experiment-editor.svelte.ts';
import type { Notices } from './notices.svelte.ts';
import type { Place, ProjectFiles } from './project-files.svelte.ts';
import type { RunEntry } from './run-entry.svelte.ts';

/** By format; null: it can say the run. */
export type Refusals = Readonly<Partial<Record<ExportFormat, ExportRefusal | null>>>;

export class Exports {
  /** Formats being written. */
  busy = $state(0);
  /** Of the run that was asked about last; a format that is missing has not been answered yet. */
  refusals = $state.raw<Refusals>({});
  #asked: string | null = null;
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #files: ProjectFiles;

  constructor(client: LabClient, notices: Notices, files: ProjectFiles) {
    this.#client = client;
    this.#notices = notices;
    this.#files = files;
  }

  /** Finds out which formats can say a run; changes made during it may rule some out. */
  async ask(run: RunEntry): Promise<void> {
    const key = `${run.id} ${String(run.summary.eventCount)}`;
    if (key === this.#asked) return;
    this.#asked = key;
    this.refusals = {};
    try {
      const answers = await Promise.all(
        EXPORT_FORMATS.map(
          async (format) => [format, await this.#client.call('run.exportable', { runId: run.id, format })] as const,
        ),
      );
      if (key === this.#asked) this.refusals = Object.fromEntries(answers);
    } catch (error) {
      this.#asked = null;
      this.#notices.error(error);
    }
  }

  /** Asks for a place and writes the run there. */
  async take(run: RunEntry, format: ExportFormat, weights: 'last' | 'best' = 'last'): Promise<void> {
    const place = await this.#files.choosePlace(format, exportName(run.summary, format, weights));
    if (!place) return;
    await this.#write(place, (replace) =>
      this.#client.call('run.export', { runId: run.id, format, weights, destination: place.handle, replace }),
    );
  }

  /** Asks for a place and writes every example of an experiment's data there, as they are now. */
  async takePoints(editor: ExperimentEditor, format: PointFormat): Promise<void> {
    const place = await this.#files.choosePlace(POINT_KINDS[format], pointsName(editor.good.name, format));
    if (!place) return;
    await this.#write(place, async (replace) => {
      await editor.flush();
      return this.#client.call('data.export', { experimentId: editor.id, format, destination: place.handle, replace });
    });
  }

  async #write(place: Place, call: (replace: boolean) => Promise<readonly ExportedFile[]>): Promise<void> {
    this.busy += 1;
    try {
      const written = await this.#files.replacing(place, call);
      if (!written) return;
      const n = written.length;
      const beside = written.slice(1).map((x) => x.name);
      this.#notices.info('exported', (t) =>
        n === 1
          ? t.text('export.written', { name: place.name })
          : t.text('export.writtenBeside', { name: place.name, beside: beside.join(', ') }),
      );
    } catch (error) {
      this.#notices.error(error);
    } finally {
      this.busy -= 1;
    }
  }
}
