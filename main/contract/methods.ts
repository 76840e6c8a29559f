// The one contract between the app's window and its services: every method and every stream, with schemas and docs.
import * as v from 'valibot';
import {
  AppInfo,
  EngineState,
  ExperimentDocument,
  ExperimentEntry,
  FileHandle,
  FolderListing,
  Id,
  Points,
  ProjectState,
  RecentFile,
  RunProgress,
  RunRecord,
  RunSummary,
  Settings,
  SettingsChange,
} from './shapes.ts';

interface MethodSchema {
  readonly input: v.GenericSchema;
  readonly output: v.GenericSchema;
}
const method = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) =>
  ({ input, output }) as const;
const Nothing = v.null();
const byRun = v.strictObject({ runId: Id });

export const methods = {
  'app.info': method(Nothing, AppInfo),

  'settings.get': method(Nothing, Settings),
  /** Merges and stores; every window hears `settings.changed`. */
  'settings.set': method(SettingsChange, Settings),

  'project.current': method(Nothing, ProjectState),
  /** Opens a fresh untitled project holding a bundled example. Errors: NOT_FOUND. */
  'project.new': method(v.strictObject({ example: v.string() }), ProjectState),
  /** Errors: FILE_NOT_FOUND, FILE_FOREIGN, FILE_DAMAGED (nothing readable), FILE_ACCESS. Others open read-only. */
  'project.open': method(v.strictObject({ handle: FileHandle }), ProjectState),
  /** Copies everything to the new file and goes on there. Live runs go on. Errors: FILE_EXISTS, FILE_ACCESS, DISK_FULL, FILE_IN_USE. */
  'project.saveAs': method(v.strictObject({ handle: FileHandle, replace: v.boolean() }), ProjectState),
  'project.recent': method(Nothing, v.array(RecentFile)),

  /** Native dialogs; null when cancelled. Errors: FORBIDDEN when the host has none. */
  'dialog.open': method(Nothing, v.nullable(FileHandle)),
  'dialog.save': method(v.strictObject({ suggestedName: v.string() }), v.nullable(FileHandle)),
  /** In-page chooser: null lists the start folder. Errors: FORBIDDEN outside the person's home, FILE_NOT_FOUND. */
  'folder.list': method(v.strictObject({ handle: v.nullable(FileHandle) }), FolderListing),
  /** A handle for `name` (extension added when missing) in a listed folder. */
  'folder.file': method(v.strictObject({ folder: FileHandle, name: v.string() }), FileHandle),

  /** Names of the bundled examples. */
  'example.list': method(Nothing, v.array(v.strictObject({ name: v.string(), description: v.string() }))),

  /**
   * Replaces an experiment's document. Errors: INVALID_DOCUMENT (details.problems), READ_ONLY,
   * NAME_TAKEN, NOT_FOUND. Finished runs keep the document they were made from.
   */
  'experiment.update': method(v.strictObject({ experimentId: Id, document: ExperimentDocument }), ExperimentEntry),

  /**
   * The points that a run of the stored document would see, so that they are on the screen before anything has run.
   * Errors: NOT_FOUND.
   */
  'data.points': method(v.strictObject({ experimentId: Id }), Points),

  /** Starts one run per variant with the stored document. Errors: NOT_FOUND, READ_ONLY, ENGINE_LOST. */
  'run.start': method(
    v.strictObject({
      experimentId: Id,
      variants: v.pipe(v.array(v.string()), v.minLength(1)),
      seed: v.nullable(v.number()),
      /** Begin paused, for stepping. */
      paused: v.boolean(),
    }),
    v.array(RunSummary),
  ),
  /** Errors of all five: NOT_FOUND, RUN_NOT_LIVE. */
  'run.pause': method(byRun, Nothing),
  'run.resume': method(byRun, Nothing),
  'run.step': method(byRun, Nothing),
  'run.stop': method(byRun, Nothing),
  /** Continues a stopped or interrupted run from its last checkpoint. Errors: RUN_LIVE, NOT_FOUND, READ_ONLY. */
  'run.continue': method(byRun, RunSummary),
  /** Errors: RUN_LIVE, READ_ONLY. */
  'run.delete': method(byRun, Nothing),
  'run.list': method(Nothing, v.array(RunSummary)),
  /** Everything recorded after `afterStep` (-1: all, step 0's evaluation included). */
  'run.read': method(v.strictObject({ runId: Id, afterStep: v.number() }), RunRecord),
  /** Steps per second for every live run and the next ones; null is full speed. Stored in the settings. */
  'run.pace': method(v.strictObject({ stepsPerSecond: v.nullable(v.pipe(v.number(), v.minValue(0.1))) }), Nothing),

  'engine.state': method(Nothing, EngineState),
} as const satisfies Record<string, MethodSchema>;

/** Streams: a subscriber hears every event from the moment its subscription is confirmed. */
export const streams = {
  'project.changed': ProjectState,
  'settings.changed': Settings,
  'engine.changed': EngineState,
  /** A run appeared or its summary changed. */
  'run.changed': RunSummary,
  'run.deleted': v.strictObject({ runId: Id }),
  'run.progressed': RunProgress,
  /** The lab is about to close: a window stores now what it still holds back. */
  'app.closing': v.null(),
  /** Something went wrong outside any call (autosave on a full disk, say). */
  'app.failed': v.strictObject({ code: v.string(), message: v.string(), details: v.record(v.string(), v.unknown()) }),
} as const satisfies Record<string, v.GenericSchema>;

export type MethodName = keyof typeof methods;
export type StreamName = keyof typeof streams;
export type Input<M extends MethodName> = v.InferInput<(typeof methods)[M]['input']>;
export type Output<M extends MethodName> = v.InferOutput<(typeof methods)[M]['output']>;
export type StreamEvent<S extends StreamName> = v.InferOutput<(typeof streams)[S]>;

/** What the services implement. */
export type Handlers = { readonly [M in MethodName]: (input: Input<M>, signal: AbortSignal) => Promise<Output<M>> };

/** What the window holds: the same contract, seen from the other side of a transport. */
export interface LabClient {
  call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>>;
  /** @returns a function that ends the subscription. */
  subscribe<S extends StreamName>(stream: S, listener: (event: StreamEvent<S>) => void): () => void;
  /** Called when the connection ends (server gone, engine of the page suspended). */
  onClose(listener: () => void): void;
}

/** What services publish through. */
export interface Publisher {
  publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void;
}
