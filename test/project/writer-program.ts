// Opens (or makes) a project file and appends ten rows at a time for ever, printing each step once it is stored.
// Parameters: file, mode (`append`, or `reopen` to close and open again after every tenth append).
import { openProject } from '../../main/project/open.ts';
import type { ProjectFile } from '../../main/project/project-file.ts';
import { batch, change, checkpoint, createRun, createSample, disk, steps } from './rows.ts';

const [path = '', mode = 'append'] = process.argv.slice(2);
let project: ProjectFile =
  disk.facts(path).kind === 'missing' ? createSample(path) : openProject(disk, path, { access: 'write' });
if (project.readOnly !== null) throw new Error(project.readOnly);
createRun(project, 'run');
project.runs.append([batch('run', { change: change('running', 0) })]);
console.log('ready');
for (let step = 0; ; step += 10) {
  project.runs.append([
    batch('run', {
      steps: steps(step + 1, step + 10),
      checkpoint: step % 50 === 0 ? checkpoint(step + 10, 50_000) : null,
    }),
  ]);
  console.log(step + 10);
  if (mode === 'reopen' && step % 100 === 90) {
    project.close();
    project = openProject(disk, path, { access: 'write' });
    project.runs.append([batch('run', { change: change('running', step + 10) })]);
  }
}
