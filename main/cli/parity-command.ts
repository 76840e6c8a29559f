// `overfit parity`: holds the numbers against PyTorch's and prints what was found. The comparing itself is the runner's.
import { LabError } from '../contract/errors.ts';
import type { Certificate } from '../contract/shapes.ts';
import { certificateOf } from '../services/parity-service.ts';
import type { ParityRunner } from '../services/ports.ts';
import { EXIT, InputError, SIGNAL_EXIT, type ExitCode } from './exit.ts';
import { say } from './messages.ts';
import type { StopSignal } from './run-command.ts';
import { lossText, tableLines } from './table.ts';

export interface ParityHost {
  print(lines: readonly string[]): void;
  remark(line: string): void;
  onStopSignal(listener: (signal: StopSignal) => void): () => void;
  /** null: this build has nothing to compare with. */
  readonly runner: ParityRunner | null;
  readonly appVersion: string;
}

/** @throws InputError when it cannot be; LabError. */
export async function parity(
  { live, json }: { readonly live: boolean; readonly json: boolean },
  host: ParityHost,
): Promise<ExitCode> {
  if (host.runner === null) throw new InputError(say.parityNotAvailable);
  const stopping = new AbortController();
  let stopped: StopSignal | null = null;
  const stopListening = host.onStopSignal((signal) => {
    stopped = signal;
    stopping.abort();
  });
  try {
    const found = await host.runner.run({ live, signal: stopping.signal, onProgress: () => undefined });
    const certificate = certificateOf(found, Date.now(), host.appVersion);
    host.print(json ? [JSON.stringify(certificate)] : certificateLines(certificate));
    return certificate.passed ? EXIT.done : EXIT.runFailed;
  } catch (error) {
    if (stopped !== null && error instanceof LabError && error.code === 'CANCELLED')
      return SIGNAL_EXIT[stopped as StopSignal];
    throw error;
  } finally {
    stopListening();
  }
}

function certificateLines({ reference, live, comparisons }: Certificate): string[] {
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
  return [words.heading(reference, live), '', ...table, '', verdict];
}
