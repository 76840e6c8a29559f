// Where the browser for end-to-end tests is; installs Debian's when that is allowed here. One place for its flags.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const CANDIDATES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

export const HOW_TO_GET_CHROMIUM =
  'no Chromium, Chrome or Edge was found: install one (Debian/Ubuntu: `apt-get install chromium`) or set OVERFIT_CHROMIUM to its path';

/** @returns path of a browser, or null. */
export function findChromium(): string | null {
  const named = process.env['OVERFIT_CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return (CANDIDATES[process.platform] ?? []).find((path) => existsSync(path)) ?? null;
}

/** Flags for an unattended run: no sandbox as root (Chromium refuses otherwise), and no calls home. */
export function chromiumArgs(): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
}

function mayInstall(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Finds a browser, or installs Debian's when this is root on Debian or Ubuntu. Says what it does on stderr. */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (found !== null || !mayInstall()) return found;
  process.stderr.write('overfit: no Chromium found; installing the distribution’s package (root on Debian/Ubuntu)\n');
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  try {
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    process.stderr.write(`overfit: that failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  return findChromium();
}
