// Text to and from the clipboard. It is put there through a copy command of the page, which needs no permission.

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

/** The clipboard's text; null: it may not be read here. */
export async function readClipboard(page: {
  readonly clipboard?: Pick<Clipboard, 'readText'>;
}): Promise<string | null> {
  try {
    return (await page.clipboard?.readText()) ?? null;
  } catch {
    return null;
  }
}
