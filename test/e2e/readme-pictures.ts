// Takes the README's pictures of the cnn and numpy-dropout examples, trained to their end, and of the places of data and model; by hand, after
// `npm run build`: node test/e2e/readme-pictures.ts [cnn] [numpy-dropout] [data] [model]. It takes minutes, so it is no test; looks.test.ts takes the one of regression.
import { join } from 'node:path';
import { browserHost } from './browser-launcher.ts';
import { Host, type App } from './driver.ts';
import { LabPage } from './lab-page.ts';

const folder = join(import.meta.dirname, '../../assets/screenshots');
const MINUTES = 60_000;

const host = new Host(browserHost);
const asked = process.argv.slice(2);
async function take(name: 'cnn' | 'numpy-dropout', steps: (lab: LabPage, app: App) => Promise<void>): Promise<void> {
  if (asked.length > 0 && !asked.includes(name)) return;
  const app = await host.start();
  const lab = new LabPage(app.page);
  app.page.setDefaultTimeout(30 * MINUTES);
  await lab.openExample(name);
  await steps(lab, app);
  await app.page.mouse.move(640, 5);
  // Passing messages go by themselves.
  await app.page.getByText(`Opened ${name}`).waitFor({ state: 'hidden' });
  await app.page.screenshot({ path: join(folder, `${name}-light-en.png`), animations: 'disabled' });
  await host.quit(app);
}

async function takePlace(
  name: 'data' | 'model',
  example: 'regression' | 'cnn',
  steps: (lab: LabPage) => Promise<void>,
) {
  if (asked.length > 0 && !asked.includes(name)) return;
  const app = await host.start();
  const lab = new LabPage(app.page);
  await lab.openExample(example);
  // The window shows the runs of what was opened, whatever it showed before.
  await app.page.getByText(`Opened ${example}`).waitFor();
  await steps(lab);
  await app.page.mouse.move(640, 5);
  await app.page.getByText(`Opened ${example}`).waitFor({ state: 'hidden' });
  await app.page.screenshot({ path: join(folder, `${name}-light-en.png`), animations: 'disabled' });
  await host.quit(app);
}

try {
  await takePlace('data', 'regression', async (lab) => {
    await lab.page.getByRole('button', { name: 'Data', exact: true }).click();
    await lab.inspector.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Moons' });
    await lab.page.getByRole('button', { name: 'Edit these points' }).click();
    await lab.page.getByRole('radiogroup', { name: 'Tool' }).waitFor();
  });
  await takePlace('model', 'cnn', async (lab) => {
    await lab.page.getByRole('button', { name: 'Model', exact: true }).click();
    await lab.page.getByRole('button', { name: 'Templates' }).click();
    await lab.page.getByRole('menuitem', { name: 'Small ResNet' }).click();
    await lab.page.locator('button[data-node="block1_add"]').click();
  });
  await take('numpy-dropout', async (lab) => {
    await lab.train();
    await lab.view('view.arithmetic');
    await lab.work.getByRole('button', { name: 'Open again' }).click();
    await lab.work.getByText('Why “as printed” and “corrected” differ').waitFor();
    await lab.work.getByRole('button', { name: 'Give this view all the room' }).click();
  });
  await take('cnn', async (lab) => {
    await lab.train();
    await lab.lookAt('all');
    await lab.curves('Accuracy');
    await lab.work.getByText(/\d+ wrong among the first 100 of 2,000/).waitFor();
  });
} finally {
  await host.end();
}
