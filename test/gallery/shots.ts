// Takes a picture of every gallery state in both languages and both themes, and has axe look at each page.
// Usage: node test/gallery/shots.ts [--only text] (after `vite build -c test/gallery/vite.config.ts`).
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = new URL('./dist/', import.meta.url).pathname;
const SHOTS = new URL('./shots/', import.meta.url).pathname;
const AXE = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url).pathname;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

interface Shot {
  readonly name: string;
  readonly query: string;
  /** Buttons to press first, by their place in the page. */
  readonly press?: string;
  /** And after it. */
  readonly then?: string;
  /** A key, after the buttons. */
  readonly keys?: string;
  readonly size?: { readonly width: number; readonly height: number };
}
const SHOTS_TO_TAKE: readonly Shot[] = [
  { name: 'empty', query: 'state=empty' },
  { name: 'loading', query: 'state=loading' },
  { name: 'running', query: 'state=running' },
  { name: 'finished', query: 'state=finished' },
  { name: 'overlaid', query: 'state=overlaid' },
  { name: 'error', query: 'state=error' },
  { name: 'interrupted', query: 'state=interrupted' },
  { name: 'diverged', query: 'state=diverged' },
  { name: 'engine-lost', query: 'state=engine-lost' },
  { name: 'read-only', query: 'state=read-only' },
  { name: 'huge', query: 'state=huge' },
  { name: 'selected', query: 'state=overlaid&open=selected' },
  { name: 'lost', query: 'state=finished&open=lost' },
  { name: 'chooser', query: 'state=finished&open=chooser' },
  { name: 'save', query: 'state=finished&open=save' },
  { name: 'question', query: 'state=running&open=question' },
  { name: 'formula', query: 'state=finished', press: 'aside button:has-text("ormula"), aside button:has-text("公式")' },
  { name: 'certificate', query: 'state=overlaid', press: 'header .end button:nth-of-type(1)' },
  { name: 'certificate-failed', query: 'state=diverged', press: 'header .end button:nth-of-type(1)' },
  { name: 'certificate-none', query: 'state=finished', press: 'header .end button:nth-of-type(1)' },
  {
    name: 'certificate-making',
    query: 'state=finished',
    press: 'header .end button:nth-of-type(1)',
    then: '[role=dialog] .foot button',
  },
  { name: 'new-table', query: 'state=finished', press: 'aside .begin > button' },
  { name: 'export', query: 'state=overlaid&open=selected', press: 'aside .deeds button' },
  { name: 'export-cnn', query: 'state=overlaid&open=selected&example=cnn', press: 'aside .deeds button' },
  { name: 'import', query: 'state=finished&open=import' },
  { name: 'import-empty', query: 'state=empty&open=import' },
  { name: 'import-many', query: 'state=huge&open=import' },
  { name: 'import-looking', query: 'state=finished&open=import-looking' },
  { name: 'import-file', query: 'state=finished&open=import-file' },
  { name: 'import-wrong', query: 'state=error&open=import-file' },
  { name: 'import-pictures', query: 'state=finished&open=import-pictures' },
  { name: 'import-huge', query: 'state=huge&open=import-file' },
  { name: 'import-progress', query: 'state=finished&open=import-progress' },
  { name: 'import-done', query: 'state=finished&open=import-done' },
  { name: 'take', query: 'state=finished&open=take&part=data&variant=L1' },
  { name: 'take-nothing', query: 'state=finished&open=take' },
  { name: 'take-whole', query: 'state=finished&open=take&whole' },
  { name: 'take-missing', query: 'state=error&open=take&part=data&part=model' },
  { name: 'take-read-only', query: 'state=read-only&open=take' },
  { name: 'take-refused', query: 'state=finished&open=take-refused' },
  { name: 'take-progress', query: 'state=empty&open=take-progress' },
  { name: 'take-cnn', query: 'state=finished&example=cnn&open=take&part=model&part=recipe&variant=input%20dropout' },
  { name: 'steps', query: 'state=finished&open=steps&at=120' },
  { name: 'steps-below', query: 'state=finished&open=steps&at=600' },
  { name: 'steps-error', query: 'state=error&open=steps' },
  { name: 'live', query: 'state=running&open=live' },
  { name: 'cnn', query: 'state=finished&example=cnn' },
  { name: 'cnn-unfolded', query: 'state=finished&example=cnn&open=unfolded&at=500' },
  { name: 'cnn-recipe', query: 'state=finished&example=cnn&open=unfolded&at=1900' },
  { name: 'numpy-dropout', query: 'state=finished&example=numpy-dropout' },
  { name: 'numpy-unfolded', query: 'state=finished&example=numpy-dropout&open=unfolded&at=400' },
  { name: 'place-experiment', query: 'state=finished&place=experiment' },
  { name: 'place-experiment-cnn', query: 'state=finished&place=experiment&example=cnn' },
  { name: 'place-experiment-read-only', query: 'state=read-only&place=experiment' },
  { name: 'settings', query: 'state=finished', press: 'header .end button:nth-of-type(3)' },
  { name: 'shortcuts', query: 'state=finished', press: 'header .end button:nth-of-type(2)' },
  { name: 'menu', query: 'state=finished', press: 'header button[aria-haspopup]' },
  { name: 'finished-4k', query: 'state=overlaid', size: { width: 3840, height: 2160 } },
  ...(['polynomial', 'sine', 'linear', 'moons', 'spirals', 'blobs', 'painted_classes'] as const).map((kind) => ({
    name: `data-${kind}`,
    query: `state=empty&kind=${kind}`,
  })),
  { name: 'data-unfolded', query: 'state=empty&kind=spirals&open=unfolded&at=400' },
  { name: 'data-trained', query: 'state=finished&kind=moons' },
  { name: 'waves', query: 'example=waves&state=finished' },
  { name: 'moons', query: 'example=moons&state=finished' },
  { name: 'moons-empty', query: 'example=moons&state=empty' },
  { name: 'moons-alone', query: 'example=moons&state=finished&alone' },
  { name: 'moons-selected', query: 'example=moons&state=finished&open=selected' },
  { name: 'moons-huge', query: 'example=moons&state=overlaid&alone' },
  { name: 'blobs-alone', query: 'example=blobs&state=finished&alone' },
  { name: 'hills', query: 'example=hills&state=finished' },
  { name: 'hills-alone', query: 'example=hills&state=running&alone' },
  { name: 'hills-4k', query: 'example=hills&state=finished', size: { width: 3840, height: 2160 } },
  { name: 'cnn-empty', query: 'example=cnn&state=empty' },
  { name: 'cnn-pictures', query: 'example=cnn&state=finished&view=pictures' },
  { name: 'cnn-wrong', query: 'example=cnn&state=finished&view=pictures&alone&wrong' },
  { name: 'cnn-confusion', query: 'example=cnn&state=finished&view=confusion&alone' },
  { name: 'cnn-confusion-beside', query: 'example=cnn&state=finished&view=confusion' },
  { name: 'cnn-weights', query: 'example=cnn&state=finished&view=weights' },
  { name: 'cnn-arithmetic', query: 'example=cnn&state=finished&view=arithmetic&paused' },
  { name: 'cnn-4k', query: 'example=cnn&state=finished', size: { width: 3840, height: 2160 } },
  { name: 'model', query: 'place=model&layer=fc2' },
  { name: 'model-cnn', query: 'place=model&example=cnn&layer=conv2&analysis' },
  { name: 'model-resnet', query: 'place=model&example=cnn&model=resnet&layer=block2_add' },
  { name: 'model-empty', query: 'place=model&model=empty' },
  { name: 'model-wrong', query: 'place=model&example=cnn&model=wrong&layer=fc3&analysis' },
  { name: 'model-huge', query: 'place=model&model=huge&layer=relu3' },
  { name: 'model-list', query: 'place=model&show=list&example=cnn&layer=fc1' },
  { name: 'model-code', query: 'place=model&show=code&example=cnn' },
  { name: 'model-json', query: 'place=model&show=json&example=cnn' },
  { name: 'model-read-only', query: 'place=model&state=read-only&layer=dropout1' },
  { name: 'model-templates', query: 'place=model', press: 'main button[aria-haspopup]' },
  {
    name: 'model-2560',
    query: 'place=model&example=cnn&model=resnet&layer=fc1&analysis',
    size: { width: 2560, height: 1440 },
  },
  { name: 'numpy-empty', query: 'example=numpy-dropout&state=empty' },
  { name: 'numpy-rows', query: 'example=numpy-dropout&state=finished&view=rows' },
  { name: 'numpy-rows-paused', query: 'example=numpy-dropout&state=finished&view=rows&paused' },
  { name: 'numpy-arithmetic', query: 'example=numpy-dropout&state=running&view=arithmetic&paused' },
  { name: 'numpy-arithmetic-alone', query: 'example=numpy-dropout&state=running&view=arithmetic&paused&alone' },
  { name: 'numpy-arithmetic-over', query: 'example=numpy-dropout&state=finished&view=arithmetic' },
  {
    name: 'numpy-4k',
    query: 'example=numpy-dropout&state=running&view=arithmetic&paused',
    size: { width: 3840, height: 2160 },
  },
  { name: 'data-curve', query: 'place=data&data=curve' },
  { name: 'data-hill', query: 'place=data&data=hill' },
  { name: 'data-moons', query: 'place=data&data=moons' },
  { name: 'data-moons-selected', query: 'place=data&data=moons', press: 'input[value=select]', keys: 'Control+a' },
  { name: 'data-full', query: 'place=data&data=full&state=empty', press: '[role=application]' },
  { name: 'data-line', query: 'place=data&data=line' },
  { name: 'data-long', query: 'place=data&data=long&state=empty' },
  { name: 'data-long-table', query: 'place=data&data=long&state=empty', press: 'main input[value=table]' },
  { name: 'data-table', query: 'place=data&data=moons', press: 'main input[value=table]' },
  { name: 'data-wide', query: 'place=data&data=wide' },
  { name: 'data-wide-columns', query: 'place=data&data=wide', press: 'main input[value=columns]' },
  { name: 'data-columns', query: 'place=data&data=curve', press: 'main input[value=columns]' },
  { name: 'data-classes', query: 'place=data&data=moons', press: 'main input[value=classes]' },
  { name: 'data-imported', query: 'place=data&data=imported&state=empty', press: 'main input[value=columns]' },
  { name: 'data-imported-classes', query: 'place=data&data=imported&state=empty', press: 'main input[value=classes]' },
  {
    name: 'data-imported-pictures',
    query: 'place=data&data=imported-pictures&state=empty',
    press: 'main input[value=classes]',
  },
  {
    name: 'data-imported-large',
    query: 'place=data&data=imported&state=empty',
    press: 'main input[value=columns]',
    size: { width: 2560, height: 1440 },
  },
  {
    name: 'data-imported-counting',
    query: 'place=data&data=imported&state=empty&counting',
    press: 'main input[value=columns]',
  },
  {
    name: 'data-imported-uncounted',
    query: 'place=data&data=imported&state=empty&uncounted',
    press: 'main input[value=columns]',
  },
  { name: 'data-pictures', query: 'place=data&data=pictures' },
  { name: 'data-picture-classes', query: 'place=data&data=pictures', press: 'main input[value=classes]' },
  { name: 'data-elsewhere', query: 'place=data&data=elsewhere' },
  { name: 'data-failed', query: 'place=data&data=line&fails' },
  { name: 'data-export', query: 'place=data&data=moons', press: 'main .place .bar button' },
  { name: 'data-read-only', query: 'place=data&data=moons&state=read-only' },
  { name: 'data-moons-large', query: 'place=data&data=moons', size: { width: 2560, height: 1440 } },
  {
    name: 'data-wide-large',
    query: 'place=data&data=wide',
    press: 'main input[value=columns]',
    size: { width: 2560, height: 1440 },
  },
];

const only = process.argv[process.argv.indexOf('--only') + 1] ?? '';
const wanted = process.argv.includes('--only') ? only.split(' ') : [];
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((x) => existsSync(x));
if (!executablePath) throw new Error('no Chromium found');
mkdirSync(SHOTS, { recursive: true });

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
  const file = join(ROOT, path === '/' ? 'index.html' : path);
  if (!file.startsWith(ROOT) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  // The policy that the product's hosts send, so that a style or script it forbids is seen here first.
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': CSP,
  });
  response.end(readFileSync(file));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address ? address.port : 0;

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const axe = readFileSync(AXE, 'utf8');
const bad: string[] = [];
for (const locale of ['en', 'zh-CN'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    for (const shot of SHOTS_TO_TAKE) {
      const label = `${shot.name} ${locale} ${theme}`;
      if (!wanted.every((x) => label.includes(x))) continue;
      const context = await browser.newContext({
        viewport: shot.size ?? { width: 1280, height: 720 },
        reducedMotion: 'reduce',
        bypassCSP: false,
      });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') bad.push(`${label}: ${message.text()}`);
      });
      page.on('pageerror', (error) => bad.push(`${label}: ${error.stack ?? error.message}`));
      await page.goto(`http://127.0.0.1:${String(port)}/?${shot.query}&locale=${locale}&theme=${theme}`);
      await page.waitForSelector('html[data-ready]', { timeout: 30_000 });
      if (shot.press) await page.locator(shot.press).first().click();
      if (shot.then) await page.locator(shot.then).first().click();
      if (shot.keys) {
        await page.locator('[role=application]').focus();
        await page.keyboard.press(shot.keys);
      }
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${SHOTS}${shot.name}-${locale}-${theme}.png` });
      const scrolls = await page.evaluate(() => ({
        page:
          document.documentElement.scrollHeight > window.innerHeight ||
          document.documentElement.scrollWidth > window.innerWidth,
      }));
      if (scrolls.page) bad.push(`${label}: the page scrolls`);
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const runner = (
          globalThis as unknown as {
            axe: {
              run(): Promise<{
                violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
              }>;
            };
          }
        ).axe;
        return (await runner.run()).violations.map((x) => ({
          id: x.id,
          impact: x.impact,
          nodes: x.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.failureSummary.slice(0, 260)}`),
        }));
      });
      for (const x of violations) bad.push(`${label}: axe ${x.impact} ${x.id}: ${x.nodes.join(' | ')}`);
      await context.close();
    }
  }
}
await browser.close();
server.close();
for (const line of bad) console.log(line);
console.log(`${String(bad.length)} findings; pictures in ${SHOTS}`);
