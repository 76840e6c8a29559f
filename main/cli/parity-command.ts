// `overfit parity`: holds the numbers against PyTorch's and prints what was found. The comparing itself is the runner's.
import { LabError } from '../contract/errors.ts';
import type { Certificate, ParityProgress } from '../contract/shapes.ts';
import { certificateOf } from '../services/parity-service.ts';
import type { ParityRunner } from '../services/ports.ts';
import type { ParityCommand } from './arguments.ts';
import { EXIT, InputError, SIGNAL_EXIT, type ExitCode } from './exit.ts';
import { say } from './messages.ts';
import type { RunHost, StopSignal } from './run-command.ts';
import { lossText, tableLines } from './table.ts';
import { writable } from './workspace.ts';

export interface ParityHost {
  print(lines: readonly string[]): void;
  remark(line: string): void;
  readonly terminal: RunHost['terminal'];
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /** null: this build has nothing to compare with. */
  readonly runner: ParityRunner | null;
  readonly appVersion: string;
}

type Options = Omit<ParityCommand, 'name'>;

/** @throws InputError when it cannot be; LabError. */
export async function parity({ live, json, file }: Options, host: ParityHost): Promise<ExitCode> {
  if (host.runner === null) throw new InputError(say.parityNotAvailable);
  // Minutes of computing for a certificate that has no place would be wasted.
  const project = file === null ? null : writable(file);
  const stopping = new AbortController();
  let stopped: StopSignal | null = null;
  const stopListening = host.onStopSignal((signal) => {
    stopped = signal;
    stopping.abort();
  });
  const line = progressLine(host.terminal);
  try {
    const found = await host.runner.run({ live, signal: stopping.signal, onProgress: line.show });
    line.clear();
    const certificate = certificateOf(found, Date.now(), host.appVersion);
    project?.storeCertificate(certificate);
    host.print(json ? [JSON.stringify(certificate)] : certificateLines(certificate));
    if (file !== null) host.remark(say.parity.kept(file));
    return certificate.passed ? EXIT.done : EXIT.runFailed;
  } catch (error) {
    line.clear();
    if (!(error instanceof LabError)) throw error;
    if (stopped !== null && error.code === 'CANCELLED') return SIGNAL_EXIT[stopped as StopSignal];
    if (error.code !== 'NOT_AVAILABLE' || error.details['what'] !== 'python') throw error;
    host.print([json ? JSON.stringify({ notRun: error.message }) : say.parity.notRun(error.message)]);
    return EXIT.done;
  } finally {
    stopListening();
    project?.close();
  }
}

/** One line that says what is compared now; nothing where nobody looks. */
function progressLine({ write, isTTY, columns }: RunHost['terminal']) {
  return {
    show({ done, total, current }: ParityProgress): void {
      if (isTTY) write(`\r\u001b[K${say.parity.progress(done, total, current).slice(0, columns - 1)}`);
    },
    clear(): void {
      if (isTTY) write('\r\u001b[K');
    },
  };
}

/** Notes, each once with all that it is about; what does not hold, with its place; then remarks. */
function footnotes({ comparisons, remarks }: Certificate): string[] {
  const about = new Map<string, string[]>();
  for (const { name, note } of comparisons) if (note !== '') about.set(note, [...(about.get(note) ?? []), name]);
  const wrong = comparisons.filter((x) => !x.passed).map((x) => say.parity.wrong(x.group, x.name, x.where));
  return [...[...about].map(([note, names]) => say.parity.note(names, note)), ...wrong, ...remarks];
}

function certificateLines(certificate: Certificate): string[] {
  const { reference, live, comparisons } = certificate;
  const words = say.parity;
  const table = tableLines(
    [
      { head: words.group, align: 'left' },
      { head: words.what, align: 'left' },
      { head: words.values, align: 'right' },
      { head: words.largest, align: 'right' },
      { head: words.bound, align: 'right' },
      { head: words.verdict, align: 'left' },
    ],
    comparisons.map((x) => [
      x.group,
      x.name,
      x.values.toLocaleString('en'),
      `${lossText(x.largest)} ${x.unit}`,
      lossText(x.tolerance),
      x.passed ? words.yes : words.no,
    ]),
  );
  const wrong = comparisons.filter((x) => !x.passed).length;
  const verdict = wrong === 0 ? words.passed(comparisons.length) : words.failed(wrong, comparisons.length);
  const notes = footnotes(certificate);
  return [words.heading(reference, live), '', ...table, '', ...(notes.length > 0 ? [...notes, ''] : []), verdict];
}
