/** What came of a suite, or of all. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** One line for each test that was left out, with its reason. */
  readonly skipped: readonly string[];
  /** How long each file took. */
  readonly files: readonly FileTime[];
}

export interface FileTime {
  /** With the runtime, where that is not Node. */
  readonly name: string;
  readonly seconds: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: [], files: [] };
export const FAILED: Tally = { ...NOTHING, failed: 1 };

export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    files: [...a.files, ...b.files],
  };
}

/** `12 passed, 0 failed` and, if there are any, `, 2 skipped`. */
export function describe({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}
