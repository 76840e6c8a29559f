// The layer rule refuses what the architecture forbids and lets pass what it allows.
import { describe, expect, it } from 'vitest';
import { forbidden } from '../config/layers.ts';

describe('layers', () => {
  it.each([
    ['engine/spec/model.ts', '../train/session.ts'],
    ['engine/train/session.ts', '../../main/contract/errors.ts'],
    ['engine/train/session.ts', 'node:fs'],
    ['engine/process/server.ts', 'node:worker_threads'],
    ['main/services/lab.ts', '../node/clock.ts'],
    ['main/services/lab.ts', 'node:fs'],
    ['main/services/lab.ts', 'electron'],
    ['main/browser/main.ts', '../electron/main.ts'],
    ['main/contract/methods.ts', '../../engine/train/session.ts'],
    ['renderer/main.ts', '../main/services/lab.ts'],
    ['renderer/main.ts', '../engine/train/session.ts'],
    ['main/electron/preload.ts', '../services/lab.ts'],
  ])('%s must not import %s', (file, source) => {
    expect(forbidden(file, source)).toMatch(/must not|only main\/electron/);
  });

  it.each([
    ['engine/train/session.ts', '../spec/index.ts'],
    ['engine/process/node-server.ts', 'node:worker_threads'],
    ['main/services/lab.ts', '../contract/methods.ts'],
    ['main/services/ports.ts', '../../engine/process/protocol.ts'],
    ['main/browser/main.ts', '../node/clock.ts'],
    ['main/electron/main.ts', 'electron'],
    ['renderer/state/lab.svelte.ts', '../../main/contract/methods.ts'],
    ['renderer/state/lab.svelte.ts', '../../engine/spec/index.ts'],
    ['main/services/lab.test.ts', '../node/clock.ts'],
  ])('%s may import %s', (file, source) => {
    expect(forbidden(file, source)).toBeNull();
  });
});
