// What can be measured of a layout: a page wider than its window, text that runs out of it, and lines too long to be read.
import type { Page } from 'playwright-core';

/** Widest line of running text, in its own letters' heights: some 130 Latin letters, or 65 Chinese characters. */
const LONGEST_LINE_EM = 65;
/** Shorter texts are labels, which are read at a glance. */
const RUNNING_TEXT = 60;

/** @returns each fault in a sentence; none is well. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(
    ([longest, running]) => {
      const faults: string[] = [];
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
      if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} px wide in a window of ${clientWidth} px`);
      if (scrollHeight > clientHeight)
        faults.push(`the page is ${scrollHeight} px high in a window of ${clientHeight} px`);
      // A diagram is looked at through a window of its own.
      for (const button of document.querySelectorAll('button:not([tabindex="-1"], [data-node])')) {
        const box = button.getBoundingClientRect();
        // What lies in something that scrolls, or is shown when it has the focus, may be outside.
        const scrolls = (x: Element | null): boolean =>
          x !== null && (/auto|scroll/.test(getComputedStyle(x).overflow) || scrolls(x.parentElement));
        if (box.width > 0 && (box.right > clientWidth + 1 || box.bottom > clientHeight + 1) && !scrolls(button))
          faults.push(`out of the window: ${button.outerHTML.slice(0, 200)}`);
      }
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const parent = node.parentElement;
        const text = node.nodeValue?.trim() ?? '';
        if (text.length < running || !parent || parent.closest('pre, textarea, .visually-hidden, script, style'))
          continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const widest = Math.max(0, ...[...range.getClientRects()].map((x) => x.width));
        const em = Number.parseFloat(getComputedStyle(parent).fontSize);
        if (widest > longest * em) faults.push(`a line of ${Math.round(widest / em)} em: ${text.slice(0, 80)}`);
      }
      return faults;
    },
    [LONGEST_LINE_EM, RUNNING_TEXT] as const,
  );
}
