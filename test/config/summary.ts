// Counts a vitest JSON report, and groups skipped tests by the reason they give.

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Reason → number of tests. */
  readonly skipped: ReadonlyMap<string, number>;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A skipped test says why at the end of its own name or its group's: `… [skipped: Electron's binary is not installed]`. */
const REASON = /\[skipped: ([^\]]+)\]/;

export function parseReport(text: string): Summary {
  const report = JSON.parse(text) as Report;
  let passed = 0;
  let failed = 0;
  const skipped = new Map<string, number>();
  for (const file of report.testResults) {
    // A file that could not even be loaded has no tests, but it is a failure.
    if (file.assertionResults.length === 0 && file.status === 'failed') failed += 1;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failed += 1;
      else {
        const reason = REASON.exec(test.fullName)?.[1] ?? `no reason given by ${test.fullName}`;
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
    }
  }
  return { passed, failed, skipped };
}

export function skipLines(summary: Summary): string[] {
  return [...summary.skipped].map(([reason, count]) => `skipped: ${count} × ${reason}`);
}

export function closingLine(summary: Summary): string {
  const skipped = [...summary.skipped.values()].reduce((a, b) => a + b, 0);
  return `tests: ${summary.passed} passed, ${summary.failed} failed, ${skipped} skipped`;
}
