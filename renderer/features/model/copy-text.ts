// Puts text on the clipboard through a copy command of the page, which needs no permission: the app grants none.

/** @returns whether it is there. Only in answer to a press or a key. */
export function copyToClipboard(page: Document, text: string): boolean {
  let done = false;
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopPropagation();
    done = event.clipboardData !== null;
  };
  page.addEventListener('copy', give, { capture: true, once: true });
  page.execCommand('copy');
  page.removeEventListener('copy', give, { capture: true });
  return done;
}
