// The command line's root: argv in, one command run, exit code out.
import { readFileSync } from 'node:fs';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment } from '../../engine/spec/index.ts';
import { createParityRunner } from '../node/parity-runner.ts';
import { runExporter } from '../node/run-exporter.ts';
import { readWeightsFile } from '../node/weights-file.ts';
import { parseCommand, type Command } from './arguments.ts';
import { EXIT, SIGNAL_EXIT, wordFailure, type ExitCode } from './exit.ts';
import { HELP } from './messages.ts';
import { exportFile } from './export-command.ts';
import { parity } from './parity-command.ts';
import { run, type RunHost, type StopSignal } from './run-command.ts';
import { check, show } from './show-command.ts';
import { tableLines } from './table.ts';

/** A second signal within this time is the first one, arriving from the terminal and from the launcher. */
const SAME_SIGNAL_MS = 300;
/** Of a terminal that does not know its width (some say 0). */
const DEFAULT_COLUMNS = 80;

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const remark = (line: string): void => void process.stderr.write(`overfit: ${line}\n`);

/** Hears of Ctrl-C and termination once; the next one ends the process at once. */
function onStopSignal(listener: (signal: StopSignal) => void): () => void {
  let firstAt: number | null = null;
  const hear = (signal: StopSignal): void => {
    const now = performance.now();
    if (firstAt === null) {
      firstAt = now;
      listener(signal);
    } else if (now - firstAt > SAME_SIGNAL_MS) process.exit(SIGNAL_EXIT[signal]);
  };
  const signals = Object.keys(SIGNAL_EXIT) as StopSignal[];
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}

const runHost: RunHost = {
  print,
  remark,
  terminal: {
    write: (text) => void process.stderr.write(text),
    isTTY: process.stderr.isTTY === true,
    columns: process.stderr.columns || DEFAULT_COLUMNS,
  },
  now: () => performance.now(),
  onStopSignal,
  readWeights: readWeightsFile,
};

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
}

/** A list has one line for each. */
const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;

function listExamples(): ExitCode {
  const rows = Object.entries(EXAMPLES).map(([name, document]) => [
    name,
    firstSentence(parseExperiment(document).description),
  ]);
  const columns = [
    { head: 'example', align: 'left' },
    { head: 'what it shows', align: 'left' },
  ] as const;
  print(tableLines(columns, rows));
  return EXIT.done;
}

async function execute(command: Command): Promise<ExitCode> {
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP[command.topic]);
      return EXIT.done;
    case 'version':
      print([version()]);
      return EXIT.done;
    case 'list':
      return listExamples();
    case 'run':
      return await run(command, runHost);
    case 'show':
      return show(command.file, command.json, { print });
    case 'check':
      return check(command.file, { print });
    case 'export':
      return await exportFile(command, { remark, exporter: runExporter });
    case 'parity':
      return await parity(command, { ...runHost, runner: createParityRunner(), appVersion: version() });
    default:
      return command satisfies never;
  }
}

// A reader that has enough (`overfit list | head -1`), or a terminal that was closed, is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
try {
  process.exitCode = await execute(parseCommand(process.argv.slice(2)));
} catch (error) {
  const { lines, code } = wordFailure(error);
  const [first = '', ...rest] = lines;
  remark(first);
  for (const line of rest) process.stderr.write(`${line}\n`);
  process.exitCode = code;
}
