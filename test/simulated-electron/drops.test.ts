// Files dropped on the desktop app's window, from the drop in the page to the service: the real main process, the real preload, the built page.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, HOW_TO_GET_CHROMIUM } from '../config/chromium.ts';
import { named } from '../config/skip.ts';
import { LabPage } from '../e2e/lab-page.ts';
import { launchSimulatedElectron, type SimulatedElectron } from './launch.ts';

const missing = findChromium() === null ? HOW_TO_GET_CHROMIUM : null;

describe.skipIf(missing !== null)(named('dropping files on the desktop app', missing), () => {
  let home: string;
  let app: SimulatedElectron;
  let lab: LabPage;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'overfit-drops-'));
    app = await launchSimulatedElectron({ home });
    lab = new LabPage(app.page);
    await lab.work.getByRole('group').first().waitFor();
  });
  afterAll(async () => {
    await app.quit();
    await app.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('says what will happen while a file is held over the window', async () => {
    writeFileSync(join(home, 'flowers.csv'), 'length,width\n1,2\n2,3\n3,5\n');
    await app.window.drag(join(home, 'flowers.csv'), false);
    await app.page.getByRole('status').getByText('A project (.overfit) is opened.').waitFor();
  });

  it('looks at data that were dropped', async () => {
    await app.window.drag(join(home, 'flowers.csv'), true);
    const dialog = app.page.getByRole('dialog', { name: 'Import data' });
    await dialog.getByText('flowers.csv').waitFor();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText('flowers is in the project.').waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
  });

  it('opens a project that was dropped', async () => {
    app.answerDialog('save', { canceled: false, filePath: join(home, 'mine.overfit') });
    await app.page.keyboard.press('Control+Shift+S');
    await lab.projectName('mine').waitFor();
    await lab.openExample('regression');
    await lab.projectName(/^regression/).waitFor();
    await app.window.drag(join(home, 'mine.overfit'), true);
    await lab.projectName('mine').waitFor();
  });

  it('says that anything else is nothing to drop, and stays', async () => {
    writeFileSync(join(home, 'letter.docx'), 'x');
    await app.window.drag(join(home, 'letter.docx'), true);
    await lab.notices.getByText('letter.docx is neither a project').waitFor();
    expect(app.page.url()).toMatch(/index\.html$/);
  });
});
