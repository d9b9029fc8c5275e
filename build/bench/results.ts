import { type Spread, spreadOf } from "./statistics.ts";

/** One line of the bench: what one subject did, measured several times. */
export interface Row {
  /** Rows of one part and size compare with each other. */
  readonly part: string;
  /** Number of services. */
  readonly size: number;
  readonly subject: string;
  readonly unit: "ms" | "MB" | "calls";
  /** In the order in which they were measured. */
  readonly values: readonly number[];
  /** The others of its part and size are given as ratios to it. */
  readonly isBaseline?: true;
}

/** Where a bench ran: figures of two machines do not compare. */
export type Conditions = Readonly<Record<string, string | number>>;

/** The rows as people read them; ratios stand beside the rows that have a baseline in their unit. */
export function renderTable(rows: readonly Row[]): string {
  const lines: string[] = [];
  for (const group of groupsOf(rows)) {
    lines.push("", `${group[0]!.part}, ${group[0]!.size} services`);
    for (const row of group) lines.push(`  ${row.subject.padEnd(58)}${cells(row, ratioOf(row, group))}`);
  }
  return lines.join("\n");
}

/** What dist/bench.json holds: every value, so that others can make figures of their own. */
export function renderJson(rows: readonly Row[], conditions: Conditions): string {
  const groups = groupsOf(rows);
  const printed = groups.flatMap((group) =>
    group.map(({ part, size, subject, unit, values, isBaseline = false }) => {
      const ratio = ratioOf({ part, size, subject, unit, values }, group);
      return { part, size, subject, unit, ...spreadOf(values), ratio, isBaseline, values };
    })
  );
  return `${JSON.stringify({ version: 1, conditions, rows: printed }, null, 2)}\n`;
}

function groupsOf(rows: readonly Row[]): Row[][] {
  return [...Map.groupBy(rows, ({ part, size }) => `${part} ${size}`).values()];
}

function ratioOf(row: Row, group: readonly Row[]): number | undefined {
  const baseline = group.find(({ isBaseline, unit }) => isBaseline && unit === row.unit);
  return baseline && spreadOf(row.values).median / spreadOf(baseline.values).median;
}

function cells({ unit, values }: Row, ratio: number | undefined): string {
  const { median, min, max } = spreadOf(values);
  const spread = values.length > 1 ? `[${round(min)} .. ${round(max)}]` : "";
  const times = ratio === undefined ? "" : `× ${ratio.toFixed(2)}`;
  return `${round(median).padStart(9)} ${unit.padEnd(6)}${spread.padEnd(22)}${times}`.trimEnd();
}

/** Three digits that mean something, or whole numbers. */
function round(value: number): string {
  if (Number.isInteger(value) || value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

export type { Spread };
