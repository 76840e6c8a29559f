// The loopback host's command line.
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm start -- --browser [--no-open] [--port N] [FILE.overfit]

  --no-open    do not open the browser, only print the link
  --port N     listen on this port of 127.0.0.1 instead of any free one
`;

export interface BrowserArguments {
  readonly help: boolean;
  /** Open the local browser, if there is one. */
  readonly open: boolean;
  /** 0: any free one. */
  readonly port: number;
  /** Why this is not the desktop app; null when the browser was asked for. */
  readonly reason: string | null;
  /** As it was typed. */
  readonly file: string | null;
}

/** What is wrong with the command line, in one sentence. */
export class UsageError extends Error {}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  reason: { type: 'string' },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's first sentence names the option; the rest are hints for programmers.
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('. ')[0]);
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 1 || port > 65_535)
    throw new UsageError(`--port must be a whole number from 1 to 65535, but is ${JSON.stringify(text)}`);
  return port;
}

/** @throws UsageError */
export function parseBrowserArguments(args: readonly string[]): BrowserArguments {
  const { values, positionals } = parse(args);
  const [file = null, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`only one file can be opened, but ${positionals.length} are named`);
  return {
    help: values.help ?? false,
    open: !(values['no-open'] ?? false),
    port: portOf(values.port),
    // One line on stdout is promised.
    reason: values.reason?.replaceAll(/\s+/g, ' ').trim() || null,
    file,
  };
}
