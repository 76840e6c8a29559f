// The whole lab over a project file in a process of its own, to be killed: opens, starts or continues a run, tells what it sees.
// node lab-program.ts <home> <file.overfit> start|continue <steps per second, 0: full speed>
import { existsSync } from 'node:fs';
import { drawPoints } from '../../engine/data/draw-points.ts';
import regression from '../../assets/examples/regression.json' with { type: 'json' };
import { Hub } from '../../main/contract/hub.ts';
import { systemClock } from '../../main/node/clock.ts';
import { processEngine } from '../../main/node/engine-process.ts';
import { createNodeDatasets } from '../../main/node/dataset-reader.ts';
import { createNodeProjects, createProjectFile } from '../../main/node/lab-files.ts';
import { pointsExporter } from '../../main/node/points-exporter.ts';
import { runExporter } from '../../main/node/run-exporter.ts';
import { createLab } from '../../main/services/lab.ts';

const [home = '', file = '', mode, pace = '0'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

if (!existsSync(file)) createProjectFile(file, [regression], '0.0.0').close();
const { projects, settings, appFolder } = createNodeProjects({
  appVersion: '0.0.0',
  home,
  env: { OVERFIT_HOME: `${home}/app` },
});
const opened = projects.openAtStart(file);
settings.set({ pace: pace === '0' ? null : Number(pace) });

const hub = new Hub();
hub.attach((stream, event) => {
  if (stream === 'run.progressed') say({ seen: (event as { step: number }).step, at: Date.now() });
  if (stream === 'run.changed') say({ status: (event as { status: string }).status });
});
const lab = createLab({
  info: { version: '0.0.0', host: 'browser', hostReason: null, fileDialogs: 'in-page', platform: process.platform },
  engine: processEngine(),
  clock: systemClock,
  dialogs: { kind: 'in-page', chooseOpen: async () => null, chooseSave: async () => null },
  publisher: hub,
  projects,
  settings,
  drawPoints,
  datasets: createNodeDatasets(appFolder),
  exportPoints: pointsExporter,
  exporter: runExporter,
  parity: null,
});
const signal = new AbortController().signal;
const runs = await lab.handlers['run.list'](null, signal);
say({ found: runs.map(({ id, status, step, resumable }) => ({ id, status, step, resumable })) });
const experimentId = opened.experiments[0]?.id ?? '';
if (mode === 'continue') await lab.handlers['run.continue']({ runId: runs[0]?.id ?? '' }, signal);
else await lab.handlers['run.start']({ experimentId, variants: ['dropout'], seed: null, paused: false }, signal);
process.stdin.resume();
process.stdin.on('end', () => {
  void lab.close().then(() => process.exit(0));
});
