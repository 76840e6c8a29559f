// Where the app keeps its own files, by each system's custom; OVERFIT_HOME puts it elsewhere.
import { join, resolve } from 'node:path';

export interface HostFolders {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export function appFolder({ platform, env, home }: HostFolders): string {
  const given = env.OVERFIT_HOME;
  if (given) return resolve(given);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Overfit Lab');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Overfit Lab');
  const data = env.XDG_DATA_HOME;
  // The XDG rules: a relative path is to be ignored.
  return join(data?.startsWith('/') ? data : join(home, '.local', 'share'), 'overfit-lab');
}
