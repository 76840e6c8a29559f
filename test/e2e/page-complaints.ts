// Everything that a page complains about: console errors and warnings, errors nobody caught.
import type { Page } from 'playwright-core';

export async function pageComplaints(page: Page): Promise<string[]> {
  const messages = await page.consoleMessages({ filter: 'all' });
  const errors = await page.pageErrors({ filter: 'all' });
  return [
    ...messages.filter((x) => ['error', 'warning', 'assert'].includes(x.type())).map((x) => `${x.type()}: ${x.text()}`),
    ...errors.map((x) => `page error: ${x.stack ?? x.message}`),
  ];
}
