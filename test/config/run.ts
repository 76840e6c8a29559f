// `npm test`: sets up what can be set up, runs every vitest project, and closes with one line that counts everything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, HOW_TO_GET_CHROMIUM } from './chromium.ts';
import { closingLine, parseReport, skipLines } from './summary.ts';

const root = join(import.meta.dirname, '..', '..');
if (ensureChromium() === null) process.stderr.write(`overfit: ${HOW_TO_GET_CHROMIUM}; end-to-end tests are skipped\n`);

const folder = mkdtempSync(join(tmpdir(), 'overfit-test-'));
const report = join(folder, 'report.json');
const run = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/config/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);

let text: string | null = null;
try {
  text = readFileSync(report, 'utf8');
} catch (error) {
  process.stderr.write(
    `overfit: the test run left no report (${error instanceof Error ? error.message : String(error)})\n`,
  );
}
rmSync(folder, { recursive: true, force: true });
if (text === null) process.exit(run.status === 0 ? 1 : (run.status ?? 1));

const summary = parseReport(text);
for (const line of skipLines(summary)) process.stdout.write(`${line}\n`);
process.stdout.write(`${closingLine(summary)}\n`);
process.exit(run.status === 0 && summary.failed === 0 ? 0 : 1);
