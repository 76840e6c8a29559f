// What axe says about a page: a page is given axe's source once, then asked in each of its states.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

export const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** @returns what axe calls serious or critical. `within` keeps it to a dialog or menu over a page that was looked at before. */
export async function violations(page: Page, within = 'html'): Promise<string[]> {
  const { violations: found } = await page.evaluate(async (selector) => {
    // Colours on their way to others are nobody's choice.
    await Promise.allSettled(document.getAnimations().map((x) => x.finished));
    const { axe } = globalThis as unknown as { axe: { run(on: string, options: object): Promise<AxeResult> } };
    return axe.run(selector, { resultTypes: ['violations'] });
  }, within);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`));
}
