// Made version-1.overfit: `node test/golden/project/make-version-1.ts` with the program that wrote version 1. Kept as the
// record of how; the fixture itself must never change, because it stands for the files that people have.
import { fileURLToPath } from 'node:url';
import { createProject } from '../../../main/project/open.ts';
import { batch, change, checkpoint, createRun, disk, document, evaluation, steps } from '../../project/rows.ts';

const path = fileURLToPath(new URL('./version-1.overfit', import.meta.url));
const project = createProject(disk, path, {
  experiments: [{ id: 'experiment-1', document }],
  meta: { app_version: '0.1.0' },
  now: 1_795_000_000_000,
});
project.updateExperiment('experiment-1', { ...document, seed: 2 }, 1_795_000_001_000);
createRun(project, 'run-1');
project.runs.append([
  batch('run-1', {
    steps: steps(1, 20),
    evaluations: [0, 10, 20].map(evaluation),
    checkpoint: checkpoint(20, 64),
    change: change('stopped', 20),
    computeMs: 7.25,
  }),
]);
createRun(project, 'run-2');
project.runs.append([batch('run-2', { evaluations: [evaluation(0)], change: change('running', 0) })]);
project.close();
