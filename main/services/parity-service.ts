// The parity certificate: made by a runner that the host gives, kept in the project.
import { LabError } from '../contract/errors.ts';
import type { Publisher } from '../contract/methods.ts';
import type { Certificate } from '../contract/shapes.ts';
import type { OpenProject } from './lab.types.ts';
import type { Clock, ParityRunner } from './ports.ts';

export interface ParityServicePorts {
  /** null: this build has none. */
  readonly runner: ParityRunner | null;
  readonly project: () => OpenProject;
  readonly appVersion: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly publisher: Publisher;
}

export interface ParityService {
  certificate(): Certificate | null;
  run(live: boolean, signal: AbortSignal): Promise<Certificate>;
}

/** Nothing compared is nothing proven. */
export const certificateOf = (
  found: Awaited<ReturnType<ParityRunner['run']>>,
  createdAt: number,
  appVersion: string,
): Certificate => ({
  createdAt,
  appVersion,
  ...found,
  passed: found.comparisons.length > 0 && found.comparisons.every((x) => x.passed),
});

export function createParityService(ports: ParityServicePorts): ParityService {
  let running = false;

  async function make(runner: ParityRunner, live: boolean, signal: AbortSignal): Promise<Certificate> {
    const found = await runner.run({
      live,
      signal,
      onProgress: (progress) => ports.publisher.publish('parity.progressed', progress),
    });
    return certificateOf(found, ports.clock.now(), ports.appVersion);
  }

  return {
    certificate: () => ports.project().certificate(),

    async run(live, signal) {
      const { runner } = ports;
      if (runner === null)
        throw new LabError('NOT_AVAILABLE', 'This build has nothing to compare with.', { what: 'parity' });
      if (running) throw new LabError('BUSY', 'The comparison goes on already.', { what: 'parity' });
      const project = ports.project();
      const { readOnly } = project.state;
      // Minutes of computing for a certificate that has no place would be wasted.
      if (readOnly !== null)
        throw new LabError('READ_ONLY', `The project is read-only (${readOnly}).`, { reason: readOnly });
      running = true;
      try {
        const certificate = await make(runner, live, signal);
        if (signal.aborted) throw new LabError('CANCELLED', 'The call was cancelled.');
        // Whatever project is open by then: it is about the lab, not about one project.
        ports.project().storeCertificate(certificate);
        return certificate;
      } finally {
        running = false;
      }
    },
  };
}
