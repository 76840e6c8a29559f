// Made version-2.overfit: `node test/golden/project/make-version-2.ts` with the program that wrote version 2. Kept as the
// record of how; the fixture itself must never change, because it stands for the files that people have. (version-1.overfit was
// made likewise, by the program as it was before this file.)
import { fileURLToPath } from 'node:url';
import { createProject } from '../../../main/project/open.ts';
import {
  batch,
  change,
  checkpoint,
  classified,
  createRun,
  disk,
  document,
  evaluation,
  pictures,
  steps,
} from '../../project/rows.ts';
import { certificate, event } from './version-2-content.ts';

const path = fileURLToPath(new URL('./version-2.overfit', import.meta.url));
const project = createProject(disk, path, {
  experiments: [{ id: 'experiment-1', document }],
  meta: { app_version: '0.2.0' },
  now: 1_795_000_000_000,
});
const { runs } = project;
createRun(project, 'run-1');
runs.append([
  batch('run-1', { steps: steps(1, 30), evaluations: [0, 10, 20, 30].map(evaluation), events: [event(5), event(25)] }),
  batch('run-1', {
    voidAfter: 20,
    checkpoint: checkpoint(20, 64),
    change: change('stopped', 20),
    computeMs: 7.25,
    rewinds: 1,
  }),
]);
createRun(project, 'run-2');
runs.started('run-2', {
  device: { kind: 'cpu', simd: 'plain', threads: 2 },
  data: pictures,
  dataDigest: 'f'.repeat(64),
  totalSteps: 40,
});
runs.append([
  batch('run-2', {
    steps: steps(1, 20),
    evaluations: [0, 10, 20].map(classified),
    checkpoint: checkpoint(20, 64),
    bestStep: 10,
    bestCheckpoint: checkpoint(10, 64),
    change: change('running', 0),
  }),
]);
project.storeCertificate(certificate);
project.close();
