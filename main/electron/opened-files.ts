// Project files named by the command line (Windows, Linux, a second start) or by the system (macOS).
import { extname, resolve } from 'node:path';

export const PROJECT_EXTENSION = '.overfit';

/**
 * The project file among a process's arguments. Chromium may reorder them and add its own, so only the extension counts.
 * @param folder what a relative path is relative to: the working folder of that process.
 * @returns absolute path of the last one named, or null.
 */
export function fileArgument(args: readonly string[], folder: string): string | null {
  const named = args.findLast((arg) => !arg.startsWith('-') && extname(arg).toLowerCase() === PROJECT_EXTENSION);
  return named === undefined ? null : resolve(folder, named);
}
