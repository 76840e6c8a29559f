// The chooser of the hosts without file dialogs, used with the keyboard. English window.
import type { Page } from 'playwright-core';
import { chooseAFile, chooseFromMenu } from './lab-page.ts';

/** Saves in the start folder, under a name without its extension. */
export async function chooseToSave(page: Page, name: string): Promise<void> {
  await chooseFromMenu(page, 'Project', /^Save as…/);
  const dialog = page.getByRole('dialog', { name: 'Save the project as' });
  await dialog.getByRole('textbox', { name: 'File name' }).fill(name);
  // The folder has been read when the button can be pressed.
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Opens a file of the start folder. */
export async function chooseToOpen(page: Page, name: string): Promise<void> {
  await chooseFromMenu(page, 'Project', /^Open…/);
  const dialog = page.getByRole('dialog', { name: 'Open a project' });
  await dialog.getByRole('option', { name }).click();
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Chooses a file of the start folder in the window of the import. */
export async function chooseToImport(page: Page, name: string): Promise<void> {
  await chooseAFile(page);
  const dialog = page.getByRole('dialog', { name: 'Choose a file' });
  await dialog.getByRole('option', { name }).click();
  await dialog.getByRole('button', { name: 'Open', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}
