// The whole application behind the contract: every method, composed of runs, projects, settings and dialogs.
import { parseExperiment } from '../../engine/spec/index.ts';
import type { ControlAction } from '../../engine/process/protocol.ts';
import type { DatasetSpec } from '../../engine/spec/index.ts';
import type { Handlers, Input } from '../contract/methods.ts';
import type { ExperimentEntry, ProjectState, Settings } from '../contract/shapes.ts';
import { LabError } from '../contract/errors.ts';
import { createDatasetService, datasetFile } from './dataset-service.ts';
import { createEngineSupervisor } from './engine-supervisor.ts';
import type { Lab, LabPorts } from './lab.types.ts';
import { createParityService } from './parity-service.ts';
import { droppedKind } from './file-kinds.ts';
import { exportPoints } from './points-export.ts';
import { lookInto } from './project-look.ts';
import { exportRefusal, exportRun, type RunExportPorts } from './run-export.ts';
import { createRunService } from './run-service.ts';

/** How long windows have to store what was typed last, once they hear that the lab closes. */
export const LAST_WORDS_MS = 60;

export function createLab(ports: LabPorts): Lab {
  const { projects, publisher, settings, dialogs, clock } = ports;

  const ofProject = (data: DatasetSpec, signal: AbortSignal): Promise<string> =>
    datasetFile(projects.current.datasets, ports.datasets, data, signal);
  const engine = createEngineSupervisor({
    launcher: ports.engine,
    clock,
    onState: (state) => publisher.publish('engine.changed', state),
    onEvent: (event) => {
      if (event.type !== 'ready') runs.onEngineEvent(event);
    },
    onLost: (error) => runs.onEngineLost(error),
  });
  const runs = createRunService({
    engine,
    store: () => projects.current.runs,
    project: () => projects.current.state,
    settings: () => settings.get(),
    clock,
    publisher,
    newId: () => crypto.randomUUID(),
    // A window never names paths, and documents do not either: what lies in files can only be run from the command line.
    files: null,
    datasetFile: ofProject,
    weights: null,
  });
  const datasets = createDatasetService({
    reader: ports.datasets,
    project: () => projects.current,
    pathOf: (handle) => projects.pathOf(handle),
    openOther: (handle) => projects.openOther(handle),
    clock,
    publisher,
  });
  const parity = createParityService({
    runner: ports.parity,
    project: () => projects.current,
    appVersion: ports.info.version,
    clock,
    publisher,
  });

  const projectChanged = (state: ProjectState): ProjectState => {
    publisher.publish('project.changed', state);
    return state;
  };
  const changeSettings = (change: Input<'settings.set'>): Settings => {
    // A key that is there without a value changes nothing.
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const stored = settings.set(Object.fromEntries(given) as Partial<Settings>);
    publisher.publish('settings.changed', stored);
    return stored;
  };
  const experiment = (experimentId: string): ExperimentEntry => {
    const entry = projects.current.state.experiments.find((x) => x.id === experimentId);
    if (entry !== undefined) return entry;
    throw new LabError('NOT_FOUND', `There is no experiment ${experimentId}.`, {
      what: 'experiment',
      id: experimentId,
    });
  };
  const imported = (experimentId: string): DatasetSpec => {
    const { data } = experiment(experimentId).document;
    if (data.type === 'dataset') return data;
    throw new LabError('NOT_FOUND', 'The experiment has no imported data.', { what: 'dataset', id: data.type });
  };
  const nativeDialogs = () => {
    if (dialogs.kind === 'native') return dialogs;
    throw new LabError('FORBIDDEN', 'This host has no dialogs of its own.');
  };

  const exports: RunExportPorts = {
    exporter: ports.exporter,
    store: () => projects.current.runs,
    datasetFile: ofProject,
    projects: () => projects,
    summary: (runId) => runs.summary(runId),
    read: (runId) => runs.read(runId, -1),
    events: (runId) => runs.events(runId),
    storeAll() {
      const failure = runs.flush();
      if (failure !== null) throw failure;
    },
  };

  const control =
    (action: ControlAction) =>
    async ({ runId }: { readonly runId: string }, signal: AbortSignal): Promise<null> => {
      await runs.control(runId, action, signal);
      return null;
    };

  const handlers: Handlers = {
    'app.info': async () => ports.info,

    'settings.get': async () => settings.get(),
    'settings.set': async (change) => {
      const before = settings.get().pace;
      const stored = changeSettings(change);
      if (stored.pace !== before) runs.pace(stored.pace);
      return stored;
    },

    'project.current': async () => projects.current.state,
    'project.new': async ({ example }) => {
      await datasets.stop();
      await runs.stopAll();
      return projectChanged(projects.openNew(example));
    },
    'project.open': async ({ handle }) => {
      await datasets.stop();
      await runs.stopAll();
      return projectChanged(projects.open(handle));
    },
    'project.saveAs': async ({ handle, replace }) => {
      // Half a data set is not to be copied.
      await datasets.stop();
      // What has no room here may have it there: it is kept, and stored in the new file.
      runs.flush();
      return projectChanged(projects.saveAs(handle, replace));
    },
    'project.recent': async () => projects.recent(),
    'project.look': async ({ handle, source }) => lookInto(projects, handle, source),

    'dialog.open': async ({ kind }) => nativeDialogs().chooseOpen(kind),
    'dialog.save': async ({ suggestedName, kind }) => nativeDialogs().chooseSave(suggestedName, kind),
    'folder.list': async ({ handle, kind }) => projects.listFolder(handle, kind),
    'folder.file': async ({ folder, name, kind }) => projects.fileIn(folder, name, kind),

    'file.kind': async ({ name, folder }) => droppedKind(name, folder),

    'example.list': async () => projects.examples(),

    'experiment.update': async ({ experimentId, document }) => {
      const entry = projects.updateExperiment(experimentId, document);
      projectChanged(projects.current.state);
      return entry;
    },
    'data.preview': async ({ experimentId }, signal) => {
      const { document } = experiment(experimentId);
      const { data } = document;
      if (data.type === 'dataset') return datasets.preview(data, signal);
      return data.type === 'cifar10' ? null : ports.drawPoints(document);
    },

    'dataset.inspect': ({ handle, options }, signal) => datasets.inspect(handle, options, signal),
    'dataset.import': ({ handle, options }, signal) => datasets.import(handle, options, signal),
    'dataset.take': ({ handle, digest }, signal) => datasets.take(handle, digest, signal),
    'dataset.list': async () => datasets.list(),
    'dataset.delete': async ({ digest }) => {
      await datasets.delete(digest);
      return null;
    },
    'dataset.rows': ({ digest, from, count }, signal) => datasets.rows(digest, from, count, signal),
    'dataset.report': async ({ experimentId }, signal) => datasets.report(imported(experimentId), signal),
    'dataset.column': async ({ experimentId, column }, signal) =>
      datasets.column(imported(experimentId), column, signal),
    'dataset.pair': async ({ experimentId, ...pair }, signal) => datasets.pair(imported(experimentId), pair, signal),

    'data.export': async ({ experimentId, ...wanted }, signal) => {
      const { document } = experiment(experimentId);
      return exportPoints(
        { exportPoints: ports.exportPoints, projects, datasetFile: ofProject },
        document,
        wanted,
        signal,
      );
    },

    'run.start': (input, signal) => runs.start(input, signal),
    'run.pause': control('pause'),
    'run.resume': control('resume'),
    'run.step': control('step'),
    'run.stop': control('stop'),
    'run.change': (input, signal) => runs.change(input, signal),
    'run.stepBack': async ({ runId, steps }, signal) => ({ step: await runs.stepBack(runId, steps, signal) }),
    'run.inspect': ({ runId }, signal) => runs.inspect(runId, signal),
    'run.events': async ({ runId }) => runs.events(runId),
    'run.continue': ({ runId }, signal) => runs.continue(runId, signal),
    'run.reopen': ({ runId }, signal) => runs.reopen(runId, signal),
    'run.delete': async ({ runId }) => {
      runs.delete(runId);
      return null;
    },
    'run.list': async () => runs.list(),
    'run.read': async ({ runId, afterStep }) => runs.read(runId, afterStep),
    'run.pace': async ({ stepsPerSecond }) => {
      changeSettings({ pace: stepsPerSecond });
      runs.pace(stepsPerSecond);
      return null;
    },

    'run.export': (input, signal) => exportRun(exports, input, signal),
    'run.exportable': (input) => exportRefusal(exports, input),

    'parity.certificate': async () => parity.certificate(),
    'parity.run': ({ live }, signal) => parity.run(live, signal),

    'model.code': async ({ document, variant, language }) => ({
      text: await ports.exporter.model(parseExperiment(document), variant, language),
    }),
    'engine.state': async () => engine.state,
  };

  return {
    handlers,
    async close() {
      publisher.publish('app.closing', null);
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, LAST_WORDS_MS);
      });
      const read = datasets.close();
      try {
        await runs.stopAll();
      } finally {
        await engine.close();
        // An import that was cut off has cleared away what it had stored.
        await read;
        projects.close();
      }
    },
  };
}
