// Rows of an imported table, page by page: asked for once, given up when nobody looks, told when they cannot be read.
import { describe, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { LabError } from '../../main/contract/errors.ts';
import { createFakeLab } from '../host/fake.ts';
import { FileRows, PAGE_ROWS } from './file-rows.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { createTestEnvironment } from './test-environment.ts';

function rowsOf(total: number) {
  const client = createFakeLab('empty', EXAMPLES['regression']);
  const notices = new Notices(createTestEnvironment());
  const rows = new FileRows({ digest: 'd'.repeat(64), rows: total }, client, notices);
  const asked = () =>
    client.calls.filter((x) => x.method === 'dataset.rows').map((x) => x.input as { from: number; count: number });
  return { client, notices, rows, asked };
}

describe('rows of a file', () => {
  it('are fetched by pages, once, also the last and shorter one', async () => {
    const { rows, asked } = rowsOf(1_000_000 + 7);
    expect(rows.row(0)).toBeUndefined();
    rows.want(0, 30);
    rows.want(10, 40);
    await vi.waitFor(() => {
      expect(rows.row(39)?.[1]).toBe(3.5);
    });
    rows.want(20, 60);
    rows.want(1_000_000, 1_000_007);
    await vi.waitFor(() => {
      expect(rows.row(1_000_006)).toHaveLength(6);
    });
    expect(asked().map(({ from, count }) => [from, count])).toEqual([
      [0, PAGE_ROWS],
      [1_000_000, 7],
    ]);
  });

  it('that nobody looks at any more are not waited for, and are asked for again', async () => {
    const { client, rows, asked } = rowsOf(10_000);
    client.holdNext('dataset.rows');
    rows.want(0, 10);
    rows.want(5000, 5010);
    await vi.waitFor(() => {
      expect(rows.row(5000)).toBeDefined();
    });
    rows.want(0, 10);
    await vi.waitFor(() => {
      expect(rows.row(0)).toBeDefined();
    });
    expect(asked().map((x) => x.from)).toEqual([0, 5000, 0]);
  });

  it('are kept in a bounded number', async () => {
    const { rows } = rowsOf(100 * PAGE_ROWS);
    for (let page = 0; page < 60; page++) {
      rows.want(page * PAGE_ROWS, page * PAGE_ROWS + 1);
      await vi.waitFor(() => {
        expect(rows.row(page * PAGE_ROWS)).toBeDefined();
      });
    }
    expect(rows.row(0)).toBeUndefined();
    expect(rows.row(59 * PAGE_ROWS)).toBeDefined();
  });

  it('that cannot be read say so, and may be asked for again', async () => {
    const { client, notices, rows } = rowsOf(100);
    client.failNext('dataset.rows', new LabError('BAD_DATA_FILE', 'damaged', { file: 'flowers' }));
    rows.want(0, 10);
    await vi.waitFor(() => {
      expect(rows.failed).toBe(true);
    });
    expect(notices.list).toHaveLength(1);
    rows.want(0, 10);
    await vi.waitFor(() => {
      expect(rows.row(0)).toBeDefined();
    });
    expect(rows.failed).toBe(false);
  });
});
