// The rows of an imported data set as its file had them, fetched page by page where they are looked at.
import { SvelteMap } from 'svelte/reactivity';
import type { LabClient } from '../../main/contract/methods.ts';
import { errorParts, type Notices } from './notices.svelte.ts';

export type FileCell = number | string | null;

/** Rows of one question to the services. */
export const PAGE_ROWS = 200;
/** Pages that are kept; a page far away is asked for again. */
const MOST_PAGES = 40;

export class FileRows {
  readonly digest: string;
  readonly total: number;
  readonly #client: LabClient;
  readonly #notices: Notices;
  readonly #pages = new SvelteMap<number, readonly (readonly FileCell[])[]>();
  /** Read by no template. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Map<number, AbortController>();
  failed = $state(false);

  constructor(data: { readonly digest: string; readonly rows: number }, client: LabClient, notices: Notices) {
    this.digest = data.digest;
    this.total = data.rows;
    this.#client = client;
    this.#notices = notices;
  }

  /** @returns undefined while the row is on its way. */
  row(index: number): readonly FileCell[] | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Fetches what is missing of these rows; pages that nobody looks at any more are not waited for. */
  want(from: number, to: number): void {
    const [first, last] = [Math.floor(from / PAGE_ROWS), Math.floor(Math.max(from, to - 1) / PAGE_ROWS)];
    for (const [page, asking] of this.#asked)
      if (page < first || page > last) {
        asking.abort();
        this.#asked.delete(page);
      }
    for (let page = first; page <= last; page++)
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#fetch(page);
  }

  async #fetch(page: number): Promise<void> {
    const asking = new AbortController();
    this.#asked.set(page, asking);
    const count = Math.min(PAGE_ROWS, this.total - page * PAGE_ROWS);
    try {
      const asked = { digest: this.digest, from: page * PAGE_ROWS, count };
      const answer = await this.#client.call('dataset.rows', asked, asking.signal);
      if (answer.kind !== 'columns') return;
      this.#pages.set(page, answer.cells);
      this.failed = false;
      for (const oldest of this.#pages.keys()) {
        if (this.#pages.size <= MOST_PAGES) break;
        if (oldest !== page) this.#pages.delete(oldest);
      }
    } catch (error) {
      if (asking.signal.aborted || errorParts(error).code === 'CANCELLED') return;
      this.failed = true;
      this.#notices.error(error);
    } finally {
      if (this.#asked.get(page) === asking) this.#asked.delete(page);
    }
  }
}
