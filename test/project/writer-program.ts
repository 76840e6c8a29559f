// Opens (or makes) a project file and appends ten rows at a time for ever, printing each step once it is stored.
// Parameters: file, mode (`append`; `reopen` to close and open again after every tenth append; `rewind` to go back 15 steps
// after every fifth).
import { openProject } from '../../main/project/open.ts';
import type { ProjectFile } from '../../main/project/project-file.ts';
import { batch, change, checkpoint, createRun, createSample, disk, evaluation, steps } from './rows.ts';

const [path = '', mode = 'append'] = process.argv.slice(2);
let project: ProjectFile =
  disk.facts(path).kind === 'missing' ? createSample(path) : openProject(disk, path, { access: 'write' });
if (project.readOnly !== null) throw new Error(project.readOnly);
createRun(project, 'run');
project.runs.append([batch('run', { change: change('running', 0) })]);
console.log('ready');
let rewinds = 0;
for (let step = 0; ; step += 10) {
  if (mode === 'rewind' && step > 0 && rewinds < Math.floor(step / 35)) {
    rewinds += 1;
    step -= 15;
    const event = { step, path: 'recipe.optimizer.lr', value: rewinds };
    project.runs.append([
      batch('run', { voidAfter: step, events: [event], checkpoint: checkpoint(step, 50_000), rewinds }),
    ]);
    console.log(step);
  }
  project.runs.append([
    batch('run', {
      rewinds,
      steps: steps(step + 1, step + 10),
      evaluations: [evaluation(step + 10)],
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
