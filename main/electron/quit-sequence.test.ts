import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { expect, it, vi } from 'vitest';
import { closeBeforeQuit } from './quit-sequence.ts';

function quitting(close: () => Promise<void>) {
  const app = new EventEmitter();
  const order: string[] = [];
  const failed = vi.fn(async () => undefined);
  const quit = () => {
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    app.emit('before-quit', event);
    order.push(event.prevented ? 'held back' : 'quit');
  };
  const closeNow = closeBeforeQuit(
    Object.assign(app, { quit }) as unknown as App,
    async () => {
      order.push('close');
      await close();
      order.push('closed');
    },
    failed,
  );
  return { quit, order, failed, closeNow };
}

it('holds the quit back until everything is stored, then quits', async () => {
  const stored = Promise.withResolvers<void>();
  const { quit, order } = quitting(() => stored.promise);
  quit();
  expect(order).toEqual(['close', 'held back']);
  stored.resolve();
  await vi.waitFor(() => expect(order).toEqual(['close', 'held back', 'closed', 'quit']));
});

it('closes once however often it is asked to quit', async () => {
  const stored = Promise.withResolvers<void>();
  const { quit, order } = quitting(() => stored.promise);
  quit();
  quit();
  quit();
  stored.resolve();
  await vi.waitFor(() => expect(order.at(-1)).toBe('quit'));
  expect(order.filter((step) => step === 'close')).toHaveLength(1);
  expect(order.filter((step) => step === 'quit')).toHaveLength(1);
});

it('says what could not be stored and quits all the same', async () => {
  const error = new Error('disk full');
  const { quit, order, failed } = quitting(() => Promise.reject(error));
  quit();
  await vi.waitFor(() => expect(order.at(-1)).toBe('quit'));
  expect(failed).toHaveBeenCalledExactlyOnceWith(error);
});

it('stores at the end of the session without quitting, and does not store again when it quits', async () => {
  const { quit, order, closeNow } = quitting(async () => undefined);
  await closeNow();
  expect(order).toEqual(['close', 'closed']);
  quit();
  await vi.waitFor(() => expect(order).toEqual(['close', 'closed', 'held back', 'quit']));
});
