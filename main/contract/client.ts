// The window's end of a connection: typed calls and subscriptions, with everything that arrives validated.
import * as v from 'valibot';
import { DocumentError, parseWith } from '../../engine/spec/index.ts';
import { LabError } from './errors.ts';
import {
  methods,
  streams,
  type Input,
  type LabClient,
  type MethodName,
  type Output,
  type StreamEvent,
  type StreamName,
} from './methods.ts';
import { fromWireError, logDefect, newDefectId, type Report } from './rpc-errors.ts';
import { ServerMessage, type ClientMessage } from './rpc-messages.ts';
import type { Transport } from './transport.ts';

interface PendingCall {
  readonly method: MethodName;
  resolve(output: unknown): void;
  reject(error: LabError): void;
}

const connectionLost = (): LabError => new LabError('CONNECTION_LOST', 'the connection to the lab is closed');

function parseReceived<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  try {
    return parseWith(schema, value, what);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new LabError('BAD_OUTPUT', error.message, { what, problems: error.problems });
  }
}

class Client implements LabClient {
  readonly #transport: Transport;
  readonly #report: Report;
  readonly #calls = new Map<number, PendingCall>();
  readonly #listeners = new Map<StreamName, Set<(event: never) => void>>();
  readonly #closeListeners = new Set<() => void>();
  #lastId = 0;
  #closed = false;

  constructor(transport: Transport, report: Report) {
    this.#transport = transport;
    this.#report = report;
    transport.onClose(() => {
      this.#end();
    });
    transport.onMessage((message) => {
      this.#receive(message);
    });
  }

  call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new LabError('CANCELLED', `${method} was cancelled`));
        return;
      }
      if (this.#closed) {
        reject(connectionLost());
        return;
      }
      const id = ++this.#lastId;
      const cancel = () => {
        this.#calls.delete(id);
        this.#send({ type: 'cancel', id });
        reject(new LabError('CANCELLED', `${method} was cancelled`));
      };
      this.#calls.set(id, {
        method,
        resolve: (output) => {
          signal?.removeEventListener('abort', cancel);
          resolve(output as Output<M>);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', cancel);
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        this.#send({ type: 'call', id, method, input });
      } catch (error) {
        this.#settle(id, (call) => {
          call.reject(new LabError('BAD_INPUT', `${method}: the input cannot be sent (${String(error)})`, { method }));
        });
      }
    });
  }

  subscribe<S extends StreamName>(stream: S, listener: (event: StreamEvent<S>) => void): () => void {
    const listeners = this.#listeners.get(stream) ?? new Set();
    // One entry per subscription, even when the same function subscribes twice.
    const entry = (event: StreamEvent<S>) => {
      listener(event);
    };
    if (listeners.size === 0) {
      this.#listeners.set(stream, listeners);
      this.#send({ type: 'subscribe', stream });
    }
    listeners.add(entry);
    return () => {
      if (!listeners.delete(entry) || listeners.size > 0) return;
      this.#listeners.delete(stream);
      this.#send({ type: 'unsubscribe', stream });
    };
  }

  onClose(listener: () => void): void {
    if (this.#closed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
  }

  #send(message: ClientMessage): void {
    if (!this.#closed) this.#transport.send(message);
  }

  #end(): void {
    this.#closed = true;
    for (const id of [...this.#calls.keys()])
      this.#settle(id, (call) => {
        call.reject(connectionLost());
      });
    this.#listeners.clear();
    for (const listener of this.#closeListeners) this.#guarded('a close listener', listener);
    this.#closeListeners.clear();
  }

  /** Takes the call out and ends it; a call that was cancelled in between is gone already. */
  #settle(id: number, end: (call: PendingCall) => void): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    end(call);
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(ServerMessage, raw);
    if (!parsed.success) {
      this.#defect('a message from the lab', new v.ValiError(parsed.issues));
      return;
    }
    const message = parsed.output;
    switch (message.type) {
      case 'result':
        this.#settle(message.id, (call) => {
          this.#finish(call, message.output);
        });
        return;
      case 'error':
        this.#settle(message.id, (call) => {
          call.reject(fromWireError(message.error));
        });
        return;
      case 'subscribed':
        return;
      case 'refused':
        this.#defect(message.stream, fromWireError(message.error));
        return;
      case 'event':
        if (message.topic !== null) this.#send({ type: 'heard', stream: message.stream, topic: message.topic });
        if (Object.hasOwn(streams, message.stream)) this.#deliver(message.stream as StreamName, message.event);
        else this.#defect('an event from the lab', new Error(`unknown stream ${message.stream}`));
        return;
      default:
        message satisfies never;
    }
  }

  #finish(call: PendingCall, output: unknown): void {
    try {
      call.resolve(parseReceived(methods[call.method].output, output, call.method));
    } catch (error) {
      call.reject(error instanceof LabError ? error : new LabError('INTERNAL', String(error)));
    }
  }

  #deliver(stream: StreamName, raw: unknown): void {
    const listeners = this.#listeners.get(stream);
    if (!listeners) return;
    this.#guarded(stream, () => {
      const event = parseReceived(streams[stream], raw, stream);
      for (const listener of [...listeners])
        this.#guarded(stream, () => {
          listener(event as never);
        });
    });
  }

  /** One listener's exception must not keep an event from the others. */
  #guarded(where: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#defect(where, error);
    }
  }

  #defect(where: string, error: unknown): void {
    this.#report({ id: newDefectId(), where, error });
  }
}

/**
 * Speaks the contract over `transport`. Calls reject with LabError only: the other side's code, BAD_OUTPUT for an answer
 * that does not fit, CANCELLED after an abort, CONNECTION_LOST when the transport closes. Events that do not fit their
 * schema go to `report` and not to listeners.
 */
export function connect(transport: Transport, report: Report = logDefect): LabClient {
  return new Client(transport, report);
}
