// Made version-3.overfit: `node test/golden/project/make-version-3.ts` with the program that wrote version 3. Kept as the record of how;
// the fixture itself must never change, because it stands for the files that people have. What version 2 had is in its fixture.
import { fileURLToPath } from 'node:url';
import { createProject } from '../../../main/project/open.ts';
import { storeDataset } from '../../project/datasets.ts';
import { batch, change, checkpoint, createRun, disk, document, steps } from '../../project/rows.ts';

const path = fileURLToPath(new URL('./version-3.overfit', import.meta.url));
const project = createProject(disk, path, {
  experiments: [{ id: 'experiment-1', document }],
  meta: { app_version: '0.3.0' },
  now: 1_795_000_000_000,
});
storeDataset(project);
createRun(project, 'run-1');
project.runs.append([
  batch('run-1', { steps: steps(1, 20), checkpoint: checkpoint(20, 64), change: change('stopped', 20) }),
]);
project.close();
