// The envelopes that travel over a transport, in both directions; validated by whoever receives them.
import * as v from 'valibot';

/** Chosen by the caller: 1, 2, 3 … per connection. */
const CallId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Name = v.pipe(v.string(), v.maxLength(100));
/** Tells apart the things that share a stream, e.g. the run. */
const Topic = v.pipe(v.string(), v.maxLength(200));

export const ClientMessage = v.variant('type', [
  v.strictObject({ type: v.literal('call'), id: CallId, method: Name, input: v.unknown() }),
  v.strictObject({ type: v.literal('cancel'), id: CallId }),
  v.strictObject({ type: v.literal('subscribe'), stream: Name }),
  v.strictObject({ type: v.literal('unsubscribe'), stream: Name }),
  /** One event of a droppable stream has been taken in; the sender may send another. */
  v.strictObject({ type: v.literal('heard'), stream: Name, topic: Topic }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

/** Read leniently (`code` may come from a newer side); client.ts turns it into a LabError. */
const ErrorForm = v.strictObject({
  code: v.string(),
  message: v.string(),
  details: v.record(v.string(), v.unknown()),
});

export const ServerMessage = v.variant('type', [
  v.strictObject({ type: v.literal('result'), id: CallId, output: v.unknown() }),
  v.strictObject({ type: v.literal('error'), id: CallId, error: ErrorForm }),
  /** From here on every event of the stream is sent. */
  v.strictObject({ type: v.literal('subscribed'), stream: Name }),
  v.strictObject({ type: v.literal('refused'), stream: Name, error: ErrorForm }),
  /** `topic` is set on droppable streams, to be echoed in `heard`. */
  v.strictObject({ type: v.literal('event'), stream: Name, topic: v.nullable(Topic), event: v.unknown() }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
