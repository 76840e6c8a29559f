// Everything that services need from a host, as small interfaces. Hosts implement them; services never import a host.
import type { EngineCommand, EngineEvent } from '../../engine/process/protocol.ts';

/** A running engine process. */
export interface EngineConnection {
  post(command: EngineCommand): void;
  onEvent(listener: (event: EngineEvent) => void): void;
  /** Called once when the process is gone, for whatever reason. */
  onExit(
    listener: (reason: {
      readonly code: number | null;
      readonly signal: string | null;
      /** The last lines that it wrote to stderr, where the host can tell. */
      readonly lastWords?: string;
    }) => void,
  ): void;
  /** Ends it at once. */
  kill(): void;
}
export interface EngineLauncher {
  launch(): EngineConnection;
}

export interface Clock {
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

/** Names files for the renderer without telling it paths. */
export interface FileDialogs {
  readonly kind: 'native' | 'in-page';
  /** Native dialogs only. @returns null when cancelled. */
  chooseOpen(): Promise<string | null>;
  chooseSave(suggestedName: string): Promise<string | null>;
}
