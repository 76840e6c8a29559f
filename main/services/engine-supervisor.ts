// Keeps an engine running: starts it, notices its end, starts it again with growing patience, and says so.
import type { EngineCommand, EngineEvent } from '../../engine/process/protocol.ts';
import { LabError } from '../contract/errors.ts';
import type { EngineState } from '../contract/shapes.ts';
import type { Clock, EngineConnection, EngineLauncher } from './ports.ts';

export const FIRST_RETRY_MS = 250;
export const LAST_RETRY_MS = 8000;
/** An engine that was ready for so long failed by chance, not by nature. */
export const HEALTHY_MS = 60_000;
/** An engine that is not ready by then never will be. */
export const START_LIMIT_MS = 30_000;
/** From `shutdown` to the kill. */
export const SHUTDOWN_LIMIT_MS = 2000;

export interface EngineSupervisor {
  readonly state: EngineState;
  /** Resolves when commands can be posted. Errors: ENGINE_LOST (it ended, or waits for its next start), CANCELLED. */
  ready(signal?: AbortSignal): Promise<void>;
  /** @throws LabError ENGINE_LOST */
  post(command: EngineCommand): void;
  /** Ends a hung engine; it is started again like one that crashed. */
  kill(): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

export interface EngineSupervisorPorts {
  readonly launcher: EngineLauncher;
  readonly clock: Clock;
  readonly onState: (state: EngineState) => void;
  readonly onEvent: (event: EngineEvent) => void;
  /** The engine ended unasked: whatever it was doing is lost. Called before the state changes to `lost`. */
  readonly onLost: (error: LabError) => void;
}

type ExitReason = Parameters<Parameters<EngineConnection['onExit']>[0]>[0];

export function describeExit(reason: ExitReason): string {
  const how = reason.signal === null ? `exit code ${reason.code ?? 'unknown'}` : `signal ${reason.signal}`;
  return reason.lastWords === undefined || reason.lastWords === '' ? how : `${how}: ${reason.lastWords}`;
}

const lost = (reason: string) => new LabError('ENGINE_LOST', `The engine ended (${reason}).`, { reason });

interface Waiting {
  resolve(): void;
  reject(error: LabError): void;
}

export function createEngineSupervisor(ports: EngineSupervisorPorts): EngineSupervisor {
  const { clock } = ports;
  let state: EngineState = { status: 'starting' };
  let connection: EngineConnection | null = null;
  let retryMs = FIRST_RETRY_MS;
  let readyAt: number | null = null;
  let timer: { cancel(): void } | null = null;
  let closing: (() => void) | null = null;
  let closed: Promise<void> | null = null;
  const waiting = new Set<Waiting>();

  const setTimer = (callback: () => void, milliseconds: number) => {
    timer?.cancel();
    timer = clock.setTimeout(callback, milliseconds);
  };
  const setState = (next: EngineState) => {
    state = next;
    ports.onState(next);
  };

  function launch(): void {
    readyAt = null;
    let mine: EngineConnection;
    try {
      mine = ports.launcher.launch();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Not at once: whoever makes a supervisor must have it before it hears of a loss.
      setTimer(() => ended(reason), 0);
      return;
    }
    connection = mine;
    // What an engine that was given up still says concerns nobody.
    mine.onEvent((event) => {
      if (connection === mine) onEvent(event);
    });
    mine.onExit((reason) => {
      if (connection === mine) ended(describeExit(reason));
    });
    setTimer(() => mine.kill(), START_LIMIT_MS);
  }

  function onEvent(event: EngineEvent): void {
    if (event.type !== 'ready') {
      ports.onEvent(event);
      return;
    }
    timer?.cancel();
    readyAt = clock.now();
    setState({ status: 'ready', simd: event.simd, cores: event.cores });
    for (const one of waiting) one.resolve();
    waiting.clear();
  }

  function ended(reason: string): void {
    connection = null;
    timer?.cancel();
    const error = lost(reason);
    for (const one of waiting) one.reject(error);
    waiting.clear();
    if (closing !== null) {
      closing();
      return;
    }
    if (readyAt !== null && clock.now() - readyAt >= HEALTHY_MS) retryMs = FIRST_RETRY_MS;
    const retryInMs = retryMs;
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    ports.onLost(error);
    setState({ status: 'lost', reason, retryInMs });
    setTimer(() => {
      setState({ status: 'starting' });
      launch();
    }, retryInMs);
  }

  const gone = () => lost(state.status === 'lost' ? state.reason : closing === null ? 'not ready' : 'closed');

  launch();
  return {
    get state() {
      return state;
    },
    ready(signal) {
      if (closing !== null || state.status === 'lost') return Promise.reject(gone());
      if (state.status === 'ready') return Promise.resolve();
      return new Promise((resolve, reject) => {
        const cancel = () => {
          waiting.delete(one);
          reject(new LabError('CANCELLED', 'The call was cancelled.'));
        };
        const one: Waiting = {
          resolve() {
            signal?.removeEventListener('abort', cancel);
            resolve();
          },
          reject(error) {
            signal?.removeEventListener('abort', cancel);
            reject(error);
          },
        };
        waiting.add(one);
        signal?.addEventListener('abort', cancel, { once: true });
        if (signal?.aborted === true) cancel();
      });
    },
    post(command) {
      if (connection === null || state.status !== 'ready') throw gone();
      connection.post(command);
    },
    kill() {
      connection?.kill();
    },
    close() {
      timer?.cancel();
      closed ??= new Promise((resolve) => {
        closing = () => {
          timer?.cancel();
          resolve();
        };
        const last = connection;
        if (last === null) {
          resolve();
          return;
        }
        last.post({ type: 'shutdown' });
        setTimer(() => last.kill(), SHUTDOWN_LIMIT_MS);
      });
      return closed;
    },
  };
}
