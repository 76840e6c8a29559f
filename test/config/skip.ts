// How a test that cannot run here says why, so that the closing summary can count it by its reason.

export const ON_WINDOWS = process.platform === 'win32' ? 'needs a POSIX system' : null;

/**
 * Name of a test or a group. Use with `skipIf(missing !== null)`.
 * @param missing what it would need, or null when it can run.
 */
export const named = (name: string, missing: string | null): string =>
  missing === null ? name : `${name} [skipped: ${missing}]`;
