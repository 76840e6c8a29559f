// The public face of the training engine.
export { EngineError, type EngineErrorCode } from '../plan/index.ts';
export { createSession } from './create-session.ts';
export type { Advance, SessionOptions, ThreadLauncher, TrainingSession } from './session.ts';
