// Opens the local browser on the link, where there is one to open.
import { spawn } from 'node:child_process';

export interface BrowserCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** @returns null when nobody could see a browser here (no display). */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): BrowserCommand | null {
  switch (platform) {
    case 'darwin':
      return { command: 'open', args: [url] };
    case 'win32':
      // `start` takes a first quoted argument for a title. The link holds nothing that cmd would interpret.
      return { command: 'cmd.exe', args: ['/d', '/c', 'start', '""', url] };
    default:
      return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? { command: 'xdg-open', args: [url] } : null;
  }
}

/** Returns at once; when it cannot be started, `onFailure` hears why, and the printed link still works. */
export function openBrowser({ command, args }: BrowserCommand, onFailure: (reason: string) => void): void {
  const child = spawn(command, [...args], { stdio: 'ignore', detached: true, windowsVerbatimArguments: true });
  child.on('error', (error) => {
    onFailure(error.message);
  });
  // It may outlive the lab, and must not keep it alive.
  child.unref();
}
