// The simulated main process's line to the driver: typed messages both ways, and questions that get one answer.
import type { FromMain, ToMain } from './wire.ts';

type ToMainOf<T extends ToMain['type']> = Extract<ToMain, { type: T }>;

const channel = process.send?.bind(process);
if (channel === undefined) throw new Error('the simulated main process needs a process channel to its driver');

export function tell(message: FromMain): void {
  channel?.(message);
}

const handlers = new Map<ToMain['type'], (message: ToMain) => void>();

export function hear<T extends ToMain['type']>(type: T, handler: (message: ToMainOf<T>) => void): void {
  // The key proves the message's type.
  handlers.set(type, (message) => handler(message as ToMainOf<T>));
}

process.on('message', (message: ToMain) => handlers.get(message.type)?.(message));
// Without its driver there is no browser either.
process.on('disconnect', () => process.exit(1));

let lastRequest = 0;
const open = new Map<number, (answer: Readonly<Record<string, unknown>>) => void>();
hear('dialog.answer', ({ request, answer }) => {
  open.get(request)?.(answer);
  open.delete(request);
});

/** @returns the driver's answer to the message that `question` makes of a fresh request number. */
export function ask(question: (request: number) => FromMain): Promise<Readonly<Record<string, unknown>>> {
  const request = ++lastRequest;
  return new Promise((resolve) => {
    open.set(request, resolve);
    tell(question(request));
  });
}
