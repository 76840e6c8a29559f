// The services' end of one connection: validates calls, runs them, cancels them, and sends the streams asked for.
import * as v from 'valibot';
import { DocumentError, parseWith } from '../../engine/spec/index.ts';
import { LabError } from './errors.ts';
import type { Hub } from './hub.ts';
import { methods, streams, type Handlers, type MethodName, type StreamEvent, type StreamName } from './methods.ts';
import { logDefect, newDefectId, toWireError, type Report } from './rpc-errors.ts';
import { ClientMessage, type ServerMessage } from './rpc-messages.ts';
import type { Transport } from './transport.ts';

/** Open calls per connection; more is a runaway window. */
export const MAX_OPEN_CALLS = 256;
/** Events of one topic that may be under way before the next ones are dropped: 0.4 s at 20 a second. */
export const MAX_UNHEARD = 8;

const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);
const isStream = (name: string): name is StreamName => Object.hasOwn(streams, name);

/**
 * The topic of an event that may be dropped when the window is slow (it sees the gap in the steps, or the run's summary
 * being ahead, and reads what it missed with `run.read`); null for events that always arrive.
 */
function topicOf<S extends StreamName>(stream: S, event: StreamEvent<S>): string | null {
  return stream === 'run.progressed' ? (event as StreamEvent<'run.progressed'>).runId : null;
}

function parseInput<M extends MethodName>(method: M, input: unknown): v.InferOutput<(typeof methods)[M]['input']> {
  try {
    return parseWith(methods[method].input, input, method);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new LabError('BAD_INPUT', error.message, { method, problems: error.problems });
  }
}

class Connection {
  readonly #handlers: Handlers;
  readonly #transport: Transport;
  readonly #report: Report;
  readonly #calls = new Map<number, AbortController>();
  readonly #subscribed = new Set<StreamName>();
  /** Droppable events sent and not yet heard, by topic. */
  readonly #unheard = new Map<string, number>();

  constructor(handlers: Handlers, transport: Transport, hub: Hub, report: Report) {
    this.#handlers = handlers;
    this.#transport = transport;
    this.#report = report;
    const detach = hub.attach((stream, event) => {
      this.#publish(stream, event);
    });
    transport.onClose(() => {
      detach();
      for (const call of this.#calls.values()) call.abort();
      this.#calls.clear();
    });
    transport.onMessage((message) => {
      this.#receive(message);
    });
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(ClientMessage, raw);
    if (!parsed.success) {
      this.#report({ id: newDefectId(), where: 'a message from the window', error: new v.ValiError(parsed.issues) });
      return;
    }
    const message = parsed.output;
    switch (message.type) {
      case 'call':
        void this.#call(message.id, message.method, message.input);
        return;
      case 'cancel':
        this.#calls.get(message.id)?.abort();
        this.#calls.delete(message.id);
        return;
      case 'subscribe':
        this.#subscribe(message.stream);
        return;
      case 'unsubscribe':
        if (isStream(message.stream)) this.#subscribed.delete(message.stream);
        return;
      case 'heard':
        this.#heard(message.topic);
        return;
      default:
        message satisfies never;
    }
  }

  async #call(id: number, method: string, input: unknown): Promise<void> {
    if (this.#calls.has(id)) {
      // Answering would settle the call that holds the id.
      this.#report({ id: newDefectId(), where: method, error: new Error(`call id ${id} is already in use`) });
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    this.#calls.set(id, controller);
    let answer: ServerMessage;
    try {
      answer = { type: 'result', id, output: await this.#run(method, input, signal) };
    } catch (error) {
      if (signal.aborted) return;
      answer = { type: 'error', id, error: toWireError(error, isMethod(method) ? method : 'a call', this.#report) };
    }
    if (signal.aborted) return;
    this.#calls.delete(id);
    try {
      this.#transport.send(answer);
    } catch (error) {
      // The answer cannot be carried (too large, or not data): the caller must still hear of it.
      this.#transport.send({ type: 'error', id, error: toWireError(error, method, this.#report) });
    }
  }

  #run(method: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isMethod(method))
      throw new LabError('UNKNOWN_METHOD', `there is no method ${JSON.stringify(method)}`, { method });
    if (this.#calls.size > MAX_OPEN_CALLS)
      throw new LabError('FORBIDDEN', `more than ${MAX_OPEN_CALLS} calls at once`, { method });
    return this.#runKnown(method, input, signal);
  }

  #runKnown<M extends MethodName>(method: M, input: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#handlers[method](parseInput(method, input), signal);
  }

  #subscribe(stream: string): void {
    if (!isStream(stream)) {
      const error = new LabError('UNKNOWN_METHOD', `there is no stream ${JSON.stringify(stream)}`, { stream });
      this.#transport.send({ type: 'refused', stream, error: toWireError(error, 'subscribe', this.#report) });
      return;
    }
    this.#subscribed.add(stream);
    this.#transport.send({ type: 'subscribed', stream });
  }

  #publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void {
    if (!this.#subscribed.has(stream)) return;
    const topic = topicOf(stream, event);
    if (topic !== null) {
      const unheard = this.#unheard.get(topic) ?? 0;
      if (unheard >= MAX_UNHEARD) return;
      this.#unheard.set(topic, unheard + 1);
    }
    try {
      this.#transport.send({ type: 'event', stream, topic, event });
    } catch (error) {
      if (topic !== null) this.#heard(topic);
      this.#report({ id: newDefectId(), where: stream, error });
    }
  }

  #heard(topic: string): void {
    const unheard = this.#unheard.get(topic) ?? 0;
    if (unheard > 1) this.#unheard.set(topic, unheard - 1);
    else this.#unheard.delete(topic);
  }
}

/**
 * Answers the calls that come in over `transport` until it closes, and sends it the hub's events that it subscribes to.
 * Answers carry LabError codes only; anything else thrown is given to `report` and crosses as INTERNAL with an id.
 */
export function serve(handlers: Handlers, transport: Transport, hub: Hub, report: Report = logDefect): void {
  new Connection(handlers, transport, hub, report);
}
