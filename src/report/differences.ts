import { quoteText } from "../model/escape.ts";
import { compareText } from "../model/issue.ts";
import { formatPosition } from "../model/position.ts";
import type { Cause, FieldDifference } from "../plan/cause.ts";
import type { Difference, Notice, Plan } from "../plan/plan.ts";
import { line, type LogLine } from "./line.ts";
import { alignColumns, formatBytes } from "./words.ts";

/** In the order of the summary line. */
const causeKinds = [
  "missing",
  "changed",
  "drifted",
  "unhealthy",
  "orphaned",
  "superseded",
] as const satisfies readonly Cause["kind"][];

const signs: Readonly<Record<Cause["kind"], string>> = {
  missing: "+",
  changed: "~",
  drifted: "!",
  unhealthy: "!",
  orphaned: "-",
  superseded: "-",
};

/** A journal line is for reading; the whole value is in the report's JSON. */
const longestValue = 240;

/** What differs from the applied revision because a newer one was tried was changed by nobody else. */
function causeWord(kind: Cause["kind"], goesBack: boolean): string {
  return goesBack && kind === "changed" ? "to go back" : kind;
}

/** `plan: 1 changed, 2 drifted, 12 converged`; a pass that goes back from a failed revision says so of what that changed. */
export function planSummary(plan: Plan, goesBack = false): LogLine {
  const counts = causeKinds
    .map((kind) => ({ kind, count: plan.differences.filter((difference) => difference.cause.kind === kind).length }))
    .filter(({ count }) => count > 0);
  const words = [...counts.map(({ kind, count }) => `${count} ${causeWord(kind, goesBack)}`), `${plan.convergedCount} converged`];
  const level = plan.differences.length > 0 ? "notice" : "info";
  return line(level, `plan: ${words.join(", ")}`, {
    event: "plan",
    ...Object.fromEntries(counts.map(({ kind, count }) => [kind, count])),
    converged: plan.convergedCount,
  });
}

/**
 * One line per field that differs, each readable alone: sign, resource, cause, and what is what.
 *
 * @param options.actions says for each resource what will be done (`recreate`), as `holdfast plan` prints it
 */
export function differenceLines(
  differences: readonly Difference[],
  options: { readonly actions: boolean; readonly goesBack?: boolean },
): LogLine[] {
  const rows = [...differences].sort((a, b) => compareText(a.resource, b.resource)).flatMap((difference) =>
    fieldsOf(difference.cause).map((field) => ({ difference, field }))
  );
  const texts = alignColumns(rows.map(({ difference, field }) => {
    const { cause, resource, action } = difference;
    const words = field && !isOurStop(cause.kind, field)
      ? describeField(cause.kind, field)
      : options.actions
      ? ""
      : action;
    const kind = causeWord(cause.kind, options.goesBack ?? false);
    return [`  ${signs[cause.kind]} ${resource}`, kind, ...(options.actions ? [action] : []), words];
  }));
  return rows.map(({ difference, field }, index) =>
    line(levelOf(difference.cause), texts[index] ?? "", {
      event: "difference",
      resource: difference.resource,
      cause: difference.cause.kind,
      action: difference.action,
      ...(field ? fieldFields(field) : {}),
    })
  );
}

/** What is started because git moved was stopped by nobody on the host: the action says it all. */
function isOurStop(kind: Cause["kind"], { field, want }: FieldDifference): boolean {
  return kind === "changed" && field === "state" && want === "running";
}

/** A resource that differs and that holdfast leaves alone: what it is, field by field, and what to do. */
export function noticeText(notice: Notice): string {
  const fields = notice.fields.map((field) => describeField("drifted", field)).join("; ");
  return `  ? ${notice.resource}  left alone  ${notice.message}${fields ? `: ${fields}` : ""}`;
}

/** What git says and what the host has, in the words of the cause. */
export function describeField(kind: Cause["kind"], field: FieldDifference): string {
  const place = field.position ? ` (${formatPosition(field.position)})` : "";
  return `${fieldWords(kind, field)}${place}`;
}

function fieldWords(kind: Cause["kind"], { field, want, have }: FieldDifference): string {
  if (want === "" && have === "") return field;
  // Some have no values to print, only what happened: "stopped on the host at 03:12:05 (exit 137)".
  if (field === "state" && want === "running") return have;
  if (field === "state") return `${have} on the host, ${want} in git`;
  if (want === "the new one") return `${field} is replaced by a new one`;
  if (want === "as in git") return kind === "changed" ? `${field} changed in git` : `${field} ${have}`;
  if (kind === "changed") {
    if (have === "") return `${field} added: ${describeValue(field, want)}`;
    if (want === "") return `${field} removed: ${describeValue(field, have)}`;
    return `${field} ${describeValue(field, have)} → ${describeValue(field, want)}`;
  }
  return `${field} ${describeValue(field, have)} on the host, ${describeValue(field, want)} in git`;
}

/** Numbers, digests and masks as they are, sizes with their unit, everything else quoted; nothing is `none`. */
function describeValue(field: string, value: string): string {
  if (value === "") return "none";
  if (/^\d+$/.test(value) && /memory|shm|size/i.test(field) && Number(value) >= 1024) {
    return `${value} (${formatBytes(Number(value))})`;
  }
  if (/^(?:-?\d+(?:\.\d+)?|true|false|(?:sha256:)?[0-9a-f]{12,64}|‹[0-9a-f]+›)$/.test(value)) return value;
  const chars = [...value];
  if (chars.length <= longestValue) return quoteText(value);
  return `${quoteText(chars.slice(0, longestValue).join(""))} and ${chars.length - longestValue} characters more`;
}

function fieldsOf(cause: Cause): readonly (FieldDifference | undefined)[] {
  if (!("fields" in cause) || cause.fields.length === 0) return [undefined];
  return cause.fields;
}

function fieldFields({ field, want, have, position }: FieldDifference) {
  return { field, want, have, file: position?.file, line: position?.line };
}

function levelOf(cause: Cause): LogLine["level"] {
  return cause.kind === "drifted" || cause.kind === "unhealthy" ? "warning" : "notice";
}
