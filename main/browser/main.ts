// The loopback host's composition root: the same lab as the desktop app's, for the browser on this machine.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawPoints } from '../../engine/data/draw-points.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { LabError } from '../contract/errors.ts';
import { Hub } from '../contract/hub.ts';
import { logDefect } from '../contract/rpc-errors.ts';
import { serve } from '../contract/server.ts';
import { systemClock } from '../node/clock.ts';
import { processEngine } from '../node/engine-process.ts';
import { createNodeDatasets } from '../node/dataset-reader.ts';
import { createNodeProjects } from '../node/lab-files.ts';
import { createParityRunner } from '../node/parity-runner.ts';
import { pointsExporter } from '../node/points-exporter.ts';
import { runExporter } from '../node/run-exporter.ts';
import { createLab } from '../services/lab.ts';
import { parseBrowserArguments, UsageError, USAGE, type BrowserArguments } from './arguments.ts';
import { inPageDialogs } from './file-dialogs.ts';
import { interruptHandler } from './interrupts.ts';
import { browserCommand, openBrowser } from './open-browser.ts';
import { startServer, type RunningServer } from './server.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const say = (sentence: string): void => void process.stderr.write(`overfit: ${sentence}\n`);

/** The built window, seen from the source tree and from the bundle. */
const pageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/renderer' : '../renderer', import.meta.url),
);

function composeLab(args: BrowserArguments, hub: Hub) {
  const { projects, settings, appFolder: ownFolder } = createNodeProjects({ appVersion: packageJson.version });
  projects.openAtStart(args.file === null ? null : resolve(args.file));
  return createLab({
    info: {
      version: packageJson.version,
      host: 'browser',
      hostReason: args.reason,
      fileDialogs: inPageDialogs.kind,
      platform: process.platform,
    },
    engine: processEngine({ besideAWindow: true }),
    clock: systemClock,
    dialogs: inPageDialogs,
    publisher: hub,
    projects,
    settings,
    drawPoints,
    datasets: createNodeDatasets(ownFolder),
    exportPoints: pointsExporter,
    exporter: runExporter,
    parity: createParityRunner(),
  });
}

async function start(args: BrowserArguments): Promise<void> {
  if (!existsSync(resolve(pageFolder, 'index.html'))) throw new Error('the window is not built: run `npm run build`');
  const hub = new Hub();
  const lab = composeLab(args, hub);
  let server: RunningServer;
  try {
    server = await startServer({
      folder: pageFolder,
      port: args.port,
      onConnect: (transport) => {
        serve(lab.handlers, transport, hub);
      },
      report: logDefect,
    });
  } catch (error) {
    await lab.close();
    throw error;
  }
  const interrupt = interruptHandler({
    now: () => performance.now(),
    close: async () => {
      await lab.close();
      await server.close();
    },
    exit: (code) => process.exit(code),
    say,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  process.stdout.write(`Overfit Lab is ready at ${server.url}${args.reason === null ? '' : ` (${args.reason})`}\n`);
  const command = args.open ? browserCommand(server.url, process.platform, process.env) : null;
  if (command !== null)
    openBrowser(command, (reason) => {
      say(`the browser could not be opened (${reason}): open the link above`);
    });
}

function sentenceOf(error: unknown, args: BrowserArguments): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `port ${args.port} is in use: choose another one, or none`;
  if (code === 'EACCES') return `port ${args.port} may not be used: choose one from 1024 upwards, or none`;
  return error instanceof Error ? error.message : String(error);
}

try {
  const args = parseBrowserArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(USAGE);
  } else {
    try {
      await start(args);
    } catch (error) {
      say(sentenceOf(error, args));
      process.exitCode = error instanceof LabError ? EXIT_USAGE : EXIT_FAILED;
    }
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`overfit: ${error.message}\n\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}
