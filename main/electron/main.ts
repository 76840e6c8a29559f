// The desktop app's composition root: what must be said before Electron is ready, one instance, then lab, window and menu.
import { app, dialog, protocol, session } from 'electron';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { siblingEntry } from '../../engine/process/node-entries.ts';
import { drawPoints } from '../../engine/data/draw-points.ts';
import { Hub } from '../contract/hub.ts';
import { appFolder } from '../node/app-folder.ts';
import { systemClock } from '../node/clock.ts';
import { createNodeDatasets } from '../node/dataset-reader.ts';
import { createNodeProjects } from '../node/lab-files.ts';
import { createParityRunner } from '../node/parity-runner.ts';
import { pointsExporter } from '../node/points-exporter.ts';
import { runExporter } from '../node/run-exporter.ts';
import { createLab } from '../services/lab.ts';
import { APP_SCHEME, APP_SCHEME_REGISTRATION, serveAssets } from './app-scheme.ts';
import { Desktop, packagedPaths, Surface } from './desktop.ts';
import { utilityEngine } from './engine-utility.ts';
import { nativeFileDialogs } from './file-dialogs.ts';
import { lockCommandLine, lockContents, lockSession } from './lockdown.ts';
import { hostLocale, hostMessages } from './menu-messages.ts';
import { nativeNotices } from './notices.ts';
import { fileArgument } from './opened-files.ts';
import { closeBeforeQuit } from './quit-sequence.ts';

const development = !app.isPackaged && process.env['OVERFIT_DEV'] === '1';
const paths = packagedPaths(app.getAppPath());

/** Before the app is ready there is no desktop; a file named until then is opened with it. */
let desktop: Desktop | null = null;
let namedFile = fileArgument(process.argv, process.cwd());

async function start(): Promise<void> {
  lockSession(session.defaultSession, development);
  protocol.handle(APP_SCHEME, serveAssets(paths.renderer));
  app.setAboutPanelOptions({ applicationName: app.getName(), applicationVersion: app.getVersion() });

  const surface = new Surface();
  const { projects, settings, appFolder: ownFolder } = createNodeProjects({ appVersion: app.getVersion() });
  surface.locale = hostLocale(settings.get().locale, app.getPreferredSystemLanguages());
  const notices = nativeNotices(dialog, surface.parent, () => surface.locale);
  const startFile = namedFile;
  namedFile = null;
  try {
    projects.openAtStart(startFile);
  } catch (error) {
    await notices.failed(error);
    projects.openAtStart(null);
  }

  const hub = new Hub();
  const lab = createLab({
    info: {
      version: app.getVersion(),
      host: 'electron',
      hostReason: null,
      fileDialogs: 'native',
      platform: process.platform,
    },
    engine: utilityEngine(fileURLToPath(siblingEntry('engine-server'))),
    clock: systemClock,
    dialogs: nativeFileDialogs({
      dialog,
      parent: surface.parent,
      messages: () => hostMessages[surface.locale],
      startFolder: app.getPath('documents'),
      handleFor: (path) => projects.handleFor(path),
    }),
    publisher: hub,
    projects,
    settings,
    drawPoints,
    datasets: createNodeDatasets(ownFolder),
    exportPoints: pointsExporter,
    exporter: runExporter,
    parity: createParityRunner(),
  });
  const closeLab = closeBeforeQuit(
    app,
    () => lab.close(),
    (error) => notices.failed(error, hostMessages[surface.locale].closeFailed),
  );

  desktop = new Desktop({
    surface,
    handlers: lab.handlers,
    hub,
    notices,
    handleFor: (path) => projects.handleFor(path),
    settings: () => settings.get(),
    boundsFile: join(app.getPath('userData'), 'window.json'),
    preload: paths.preload,
    icon: paths.icon,
    development,
    onSessionEnd: () => void closeLab(),
  });
  await desktop.start();
  // Named while a message about the first one was open.
  if (namedFile !== null) desktop.openFile(namedFile);
}

function openFile(path: string): void {
  if (desktop === null) namedFile = path;
  else desktop.openFile(path);
}

function begin(): void {
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFile(path);
  });
  app.on('second-instance', (_event, args, folder) => {
    const path = fileArgument(args, folder);
    if (path !== null) openFile(path);
    desktop?.showWindow();
  });
  app.on('activate', () => desktop?.showWindow());
  app.on('window-all-closed', () => {
    // On a Mac the app stays in the Dock, and runs go on.
    if (process.platform !== 'darwin') app.quit();
  });
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox(app.getName(), error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}

// Chromium's own files lie in the app's folder too, apart from the lab's. The lock below goes by this folder.
const chromiumFolder = join(appFolder({ platform: process.platform, env: process.env, home: homedir() }), 'chromium');
mkdirSync(chromiumFolder, { recursive: true });
app.setPath('userData', chromiumFolder);

lockCommandLine(app.commandLine);
app.enableSandbox();
app.on('web-contents-created', (_event, contents) => lockContents(contents));
protocol.registerSchemesAsPrivileged([APP_SCHEME_REGISTRATION]);
// A second start hands its file to the first one and ends.
if (app.requestSingleInstanceLock()) begin();
else app.quit();
