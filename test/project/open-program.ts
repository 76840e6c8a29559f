// Opens a project file and prints as what; then holds it until its input ends.
// Parameters: file, and a user to become first (once everything is loaded: that user may not read this program).
import { LabError } from '../../main/contract/errors.ts';
import { openProject } from '../../main/project/open.ts';
import { batch, createRun, disk, steps } from './rows.ts';

const [path = '', user] = process.argv.slice(2);
if (user !== undefined) process.setuid?.(Number(user));
const project = openProject(disk, path, { access: 'write' });
console.log(`opened ${project.readOnly ?? 'writable'}, ${project.runs.list().length} runs`);
try {
  createRun(project, `run-of-${process.pid}`);
  project.runs.append([batch(`run-of-${process.pid}`, { steps: steps(1, 10) })]);
  console.log('wrote');
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.log(`refused ${error.code} ${String(error.details.reason ?? error.details.cause)}`);
}
process.stdin.resume().on('end', () => {
  project.close();
  console.log('closed');
});
