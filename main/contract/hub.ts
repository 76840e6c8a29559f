// Where services publish and windows listen: one event in, one copy to every connected window.
import type { Publisher, StreamEvent, StreamName } from './methods.ts';

export type EventSink = <S extends StreamName>(stream: S, event: StreamEvent<S>) => void;

export class Hub implements Publisher {
  readonly #sinks = new Set<EventSink>();

  /** Windows connected now. */
  get size(): number {
    return this.#sinks.size;
  }

  publish<S extends StreamName>(stream: S, event: StreamEvent<S>): void {
    for (const sink of this.#sinks) sink(stream, event);
  }

  /**
   * @param sink must not throw.
   * @returns a function that takes the sink out again.
   */
  attach(sink: EventSink): () => void {
    this.#sinks.add(sink);
    return () => void this.#sinks.delete(sink);
  }
}
