// Draws icon.png from icon.svg with an installed Chromium: `node assets/icons/render-icons.mjs [SIZE…]`, 512 when none is named.
// 512 is the packaged one (icon.png); any other size is written beside it as icon-SIZE.png.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium, HOW_TO_GET_CHROMIUM } from '../../test/config/chromium.ts';

const executablePath = findChromium();
if (executablePath === null) throw new Error(HOW_TO_GET_CHROMIUM);
const PACKAGED = 512;
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? [PACKAGED] : asked;
if (sizes.some((size) => !Number.isInteger(size) || size < 16 || size > 2048))
  throw new RangeError('a size is a whole number of pixels from 16 to 2048');

const svg = readFileSync(new URL('icon.svg', import.meta.url), 'utf8');
const browser = await chromium.launch({ executablePath, args: chromiumArgs() });
try {
  const page = await browser.newPage();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    const png = await page.screenshot({ omitBackground: true });
    writeFileSync(new URL(size === PACKAGED ? 'icon.png' : `icon-${size}.png`, import.meta.url), png);
  }
} finally {
  await browser.close();
}
