// The simulated main process: runs the app's real main entry, then makes it ready. Arguments: entry, app folder, the app's own.
import { pathToFileURL } from 'node:url';

const [, , entry, appFolder, ...args] = process.argv;
if (entry === undefined || appFolder === undefined)
  throw new Error('usage: main-process.ts ENTRY APP_FOLDER [ARGUMENT]…');
// As Electron gives them to an app that is not packaged.
process.argv = [process.execPath, appFolder, ...args];

const { becomeReady } = await import('./electron.ts');
await import(pathToFileURL(entry).href);
becomeReady();
