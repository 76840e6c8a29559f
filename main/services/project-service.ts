// The open project: which file it is, untitled ones in the app's own folder, opening, saving as, recent files, edits.
import { parseDraft, parseExperiment, type ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type {
  Certificate,
  ExperimentEntry,
  FileKind,
  FolderListing,
  ListedKind,
  ProjectState,
  RecentFile,
} from '../contract/shapes.ts';
import type { ProjectDisk } from '../project/database.ts';
import { saveProjectAs, createProject, openProject } from '../project/open.ts';
import type { ProjectFile } from '../project/project-file.ts';
import { FileHandles } from './file-handles.ts';
import { withEnding } from './file-kinds.ts';
import { FolderChooser, PROJECT_EXTENSION } from './folder-chooser.ts';
import type { OpenProject, OtherFile, Projects } from './lab.types.ts';
import type { FileContent } from './ports.ts';
import type { FileSystem } from './project-ports.ts';
import { RecentFiles } from './recent-files.ts';
import type { DatasetStore } from './dataset-store.ts';
import type { RunStore } from './run-store.ts';

export interface ProjectServicePorts {
  readonly disk: ProjectDisk;
  readonly files: FileSystem;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Unguessable. */
  readonly newId: () => string;
  /** Bundled examples by name: documents, parsed when they are used. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** The unfinished document that an empty project begins with. */
  readonly empty: unknown;
  readonly appVersion: string;
}

/** The example of a fresh project. */
const FIRST_EXAMPLE = 'regression';

export class ProjectService implements Projects {
  readonly #ports: ProjectServicePorts;
  readonly #handles: FileHandles;
  readonly #recent: RecentFiles;
  readonly #chooser: FolderChooser;
  readonly #untitledFolder: string;
  #current: Current | null = null;

  constructor(ports: ProjectServicePorts) {
    this.#ports = ports;
    this.#handles = new FileHandles(ports.newId);
    this.#recent = new RecentFiles(ports.files);
    this.#chooser = new FolderChooser(ports.files, this.#handles, () => {
      const current = this.#current;
      return current && !current.untitled ? ports.files.parent(current.file.path) : null;
    });
    this.#untitledFolder = ports.files.join(ports.files.appFolder, 'untitled');
  }

  get current(): OpenProject {
    return this.#opened();
  }

  openAtStart(path: string | null): ProjectState {
    if (path !== null) return this.#open(path);
    return this.#openLast() ?? this.openNew(FIRST_EXAMPLE);
  }

  openNew(example: string | null): ProjectState {
    const document = example === null ? parseDraft(this.#ports.empty).document : this.#example(example);
    const { disk, newId, now, appVersion } = this.#ports;
    const content = {
      experiments: [{ id: newId(), document }],
      meta: { app_version: appVersion, ...(example !== null && { example }) },
      now: now(),
    };
    for (let n = 1; ; n++) {
      let file: ProjectFile;
      try {
        file = createProject(disk, this.#untitledPath(document.name, n), content);
      } catch (error) {
        if (error instanceof LabError && (error.code === 'FILE_EXISTS' || error.code === 'FILE_IN_USE')) continue;
        throw error;
      }
      return this.#switchTo(file);
    }
  }

  open(handle: string): ProjectState {
    return this.#open(this.#handles.path(handle));
  }

  openOther(handle: string): OtherFile {
    const path = this.#ports.files.resolve(this.#handles.path(handle));
    if (path === this.#opened().file.path)
      throw new LabError('SAME_PROJECT', `${path} is the project that is open.`, { file: path });
    return { name: this.#nameOf(path), location: path, file: openProject(this.#ports.disk, path, { access: 'read' }) };
  }

  saveAs(handle: string, replace: boolean): ProjectState {
    const { disk, files } = this.#ports;
    const current = this.#opened();
    const chosen = files.resolve(this.#handles.path(handle));
    const path = withEnding(chosen, 'project');
    if (path === current.file.path) {
      if (current.file.readOnly === null) return current.state;
      throw new LabError('FILE_EXISTS', `${path} is the file that cannot be written.`, { file: path });
    }
    // Who agreed to replace "a" did not see "a.overfit".
    const file = saveProjectAs(disk, current.file, path, replace && path === chosen);
    const state = this.#switchTo(file);
    // Everything of an untitled project is in the new file now.
    if (current.untitled && current.file.readOnly === null) this.#discard(current.file.path);
    return state;
  }

  updateExperiment(experimentId: string, document: ExperimentSpec): ExperimentEntry {
    return this.#opened().file.updateExperiment(experimentId, document, this.#ports.now());
  }

  handleFor(path: string): string {
    return this.#handles.of(this.#ports.files.resolve(path));
  }

  pathOf(handle: string): string {
    return this.#handles.path(handle);
  }

  recent(): RecentFile[] {
    const { disk } = this.#ports;
    return this.#recent
      .list()
      .filter((x) => disk.facts(x.path).kind === 'file')
      .map((x) => ({
        handle: this.#handles.of(x.path),
        name: this.#nameOf(x.path),
        location: x.path,
        openedAt: x.openedAt,
      }));
  }

  listFolder(handle: string | null, kind: ListedKind): FolderListing {
    return this.#chooser.list(handle, kind);
  }

  fileIn(folder: string, name: string, kind: FileKind): string {
    return this.#chooser.file(folder, name, kind);
  }

  writeFiles(handle: string, kind: FileKind, contents: readonly FileContent[], replace: boolean): void {
    const { files } = this.#ports;
    const chosen = files.resolve(this.#handles.path(handle));
    const first = withEnding(chosen, kind);
    const folder = files.parent(first) ?? first;
    const written = contents.map(({ name, bytes }, i) => ({
      path: i === 0 ? first : files.join(folder, files.baseName(name)),
      bytes,
      // Who agreed to replace "a" did not see "a.py".
      replace: replace && (i > 0 || first === chosen),
    }));
    const taken = written.find((x) => !x.replace && files.exists(x.path));
    if (taken) throw new LabError('FILE_EXISTS', `${taken.path} exists already.`, { file: taken.path });
    // What others refer to comes first: a script without its pictures is of no use.
    for (const { path, bytes, replace: over } of written.toReversed()) files.writeBytes(path, bytes, over);
  }

  examples(): { name: string; description: string }[] {
    return Object.keys(this.#ports.examples).map((name) => ({ name, description: this.#example(name).description }));
  }

  close(): void {
    const current = this.#current;
    this.#current = null;
    if (current) this.#leave(current);
  }

  #opened(): Current {
    if (!this.#current) throw new LabError('INTERNAL', 'No project is open.');
    return this.#current;
  }

  #example(name: string): ExperimentSpec {
    if (!Object.hasOwn(this.#ports.examples, name))
      throw new LabError('NOT_FOUND', `There is no example "${name}".`, { what: 'example', id: name });
    return parseExperiment(this.#ports.examples[name]);
  }

  #open(given: string): ProjectState {
    const path = this.#ports.files.resolve(given);
    const current = this.#current;
    if (current?.file.path === path && current.file.readOnly === null) return current.state;
    return this.#switchTo(openProject(this.#ports.disk, path, { access: 'write' }));
  }

  /** @returns null when there is no last project, or it cannot be gone on with. */
  #openLast(): ProjectState | null {
    const last = this.#recent.list()[0];
    if (!last) return null;
    let file: ProjectFile;
    try {
      file = openProject(this.#ports.disk, last.path, { access: 'write' });
    } catch (error) {
      // It is still among the recent files, where opening it says what is wrong.
      if (error instanceof LabError) return null;
      throw error;
    }
    // Open in another window of the app: this one begins something new.
    if (file.readOnly === 'in_use') {
      file.close();
      return null;
    }
    return this.#switchTo(file);
  }

  #switchTo(file: ProjectFile): ProjectState {
    const { files, now } = this.#ports;
    const before = this.#current;
    const untitled = files.isWithin(file.path, this.#untitledFolder);
    const next = new Current(file, untitled, this.#handles.of(file.path), this.#nameOf(file.path));
    this.#current = next;
    if (before && before.file.path !== file.path) this.#leave(before);
    else before?.file.close();
    this.#recent.opened(file.path, now());
    return next.state;
  }

  /** Closes a project; an untitled one in which nothing was done leaves nothing behind. */
  #leave({ file, untitled }: Current): void {
    const pointless = untitled && file.readOnly === null && file.isPristine();
    file.close();
    if (pointless) this.#discard(file.path);
  }

  #discard(path: string): void {
    this.#ports.disk.remove(path);
    this.#recent.forget(path);
  }

  #nameOf(path: string): string {
    const name = this.#ports.files.baseName(path);
    return name.toLowerCase().endsWith(PROJECT_EXTENSION) ? name.slice(0, -PROJECT_EXTENSION.length) : name;
  }

  /** `regression 2026-11-23 09-30.overfit`, then `… (2).overfit` and so on. */
  #untitledPath(title: string, n: number): string {
    const { files, now } = this.#ports;
    files.makeFolder(this.#untitledFolder);
    const moment = new Date(now());
    const two = (x: number) => String(x).padStart(2, '0');
    const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
    const stem = `${title} ${day} ${two(moment.getHours())}-${two(moment.getMinutes())}`;
    return files.join(this.#untitledFolder, `${n === 1 ? stem : `${stem} (${n})`}${PROJECT_EXTENSION}`);
  }
}

class Current implements OpenProject {
  readonly file: ProjectFile;
  readonly untitled: boolean;
  readonly #handle: string;
  readonly #name: string;

  constructor(file: ProjectFile, untitled: boolean, handle: string, name: string) {
    this.file = file;
    this.untitled = untitled;
    this.#handle = handle;
    this.#name = name;
  }

  get runs(): RunStore {
    return this.file.runs;
  }

  get datasets(): DatasetStore {
    return this.file.datasets;
  }

  certificate(): Certificate | null {
    return this.file.certificate();
  }

  storeCertificate(certificate: Certificate): void {
    this.file.storeCertificate(certificate);
  }

  get state(): ProjectState {
    return {
      handle: this.#handle,
      name: this.#name,
      location: this.file.path,
      untitled: this.untitled,
      readOnly: this.file.readOnly,
      damage: [...this.file.damage],
      experiments: this.file.experiments(),
    };
  }
}
