import type { Outcome } from "../plan/step.ts";
import { quoteText } from "../model/escape.ts";
import { shortCommit } from "../model/revision.ts";
import { type Condition, conditionsOf, endingConditions, findingConditions } from "./conditions.ts";
import { describeField, differenceLines, planSummary } from "./differences.ts";
import { healthLines } from "./health.ts";
import { hintLines, line, type LineFields, type LogLine, logTailLines } from "./line.ts";
import { hasDifferences, type Report, type Rollback, type TipRevision } from "./report.ts";
import { formatDuration, plural } from "./words.ts";

/** The journal of one pass, told whole; empty when there was nothing to do and nothing stands. */
export function renderReport(report: Report): LogLine[] {
  const quiet = report.converged && report.outcomes.length === 0 && !hasDifferences(report) &&
    conditionsOf(report).length === 0;
  return quiet ? [] : reportLines(report, undefined);
}

/**
 * What one pass adds to the journal. Steps and newly found drift always speak; what stands (a hold, an issue, a verdict,
 * an error, a plan that nobody carries out) speaks when it begins and when it ends.
 *
 * @param previous the report of the pass before, of the same deployment; undefined after a start: the first pass also
 *   tells that the host is converged, and at which revision
 */
export function reportLines(report: Report, previous: Report | undefined): LogLine[] {
  const before = previous ? conditionsOf(previous) : [];
  const over = withoutKnown(before, conditionsOf(report));
  const found = withoutKnown(findingConditions(report), before);
  const endings = withoutKnown(endingConditions(report), before);
  const planLines = saysPlan(report, previous) ? planSection(report) : [];
  const lines = [
    ...over.flatMap((condition) => condition.over ?? []),
    ...revisionLines(report, previous, planLines.length + found.length + endings.length > 0),
    ...found.flatMap((condition) => condition.lines),
    ...planLines,
    ...outcomeLines(report),
    ...outcomeDetails(report.settled ?? []),
    ...mendedLines(report),
    ...healthLines(report, previous),
    ...unhonoredLines(report),
    ...leftLines(report),
    ...endings.flatMap((condition) => condition.lines),
  ];
  if (report.converged && isConvergedNews(report, previous)) lines.push(convergedLine(report));
  const revision = report.revision?.commit;
  return lines.map((each) => ({ ...each, fields: { deployment: report.deployment, revision, ...each.fields } }));
}

function withoutKnown(conditions: readonly Condition[], known: readonly Condition[]): Condition[] {
  return conditions.filter((condition) => !known.some(({ key }) => key === condition.key));
}

function isConvergedNews(report: Report, previous: Report | undefined): boolean {
  return report.outcomes.length > 0 || !previous?.converged || previous.revision?.commit !== report.revision?.commit;
}

/** `revision 7a4de3c "subject" by ops@example.com`. */
export function revisionLine(revision: TipRevision): LogLine {
  const subject = revision.subject === undefined ? "" : ` ${quoteText(revision.subject)}`;
  const author = revision.author ? ` by ${revision.author.email || revision.author.name}` : "";
  return line("info", `revision ${shortCommit(revision.commit)}${subject}${author}`, {
    event: "revision",
    revision: revision.commit,
    subject: revision.subject,
    author: revision.author?.email,
  });
}

/** The tip when git moved, and the enforced revision as the head of a pass that has more to say. */
function revisionLines(report: Report, previous: Report | undefined, speaks: boolean): LogLine[] {
  const { tip, revision } = report;
  const moved = tip !== undefined && previous?.tip?.commit !== tip.commit && (!previous || previous.tip !== undefined);
  if (speaks && revision && report.rollback) return [rollbackLine(revision, report.rollback)];
  const head = moved ? tip : speaks ? revision : undefined;
  return head ? [revisionLine(head)] : [];
}

/** `rolling back to 7a4de3c "subject", for 9f8e7d6 failed: port 443 does not answer`. */
function rollbackLine({ commit, subject }: TipRevision, { from, reason }: Rollback): LogLine {
  const name = subject === undefined ? "" : ` ${quoteText(subject)}`;
  return line("notice", `rolling back to ${shortCommit(commit)}${name}, for ${shortCommit(from)} failed: ${reason}`, {
    event: "rolling-back",
    revision: commit,
    from,
  });
}

/** A plan that is carried out is news; one that only stands (mode `report`, a pause after a failure) is told once. */
function saysPlan(report: Report, previous: Report | undefined): boolean {
  if (report.outcomes.length > 0) return true;
  if (!hasDifferences(report)) return false;
  if (!previous) return true;
  if (report.plan?.differences.length === 0) return false; // what is in the way tells of itself
  return JSON.stringify(report.plan?.differences) !== JSON.stringify(previous.plan?.differences);
}

function planSection({ plan, rollback }: Report): LogLine[] {
  const goesBack = rollback !== undefined;
  return plan ? [planSummary(plan, goesBack), ...differenceLines(plan.differences, { actions: false, goesBack })] : [];
}

/** `applied in 6.2 s: 7 done, 0 failed, 0 skipped`, and below it each step that failed; those skipped at level debug. */
export function outcomeLines({ outcomes, applyMs, durationMs, rollback }: Report): LogLine[] {
  if (outcomes.length === 0) return [];
  const count = (result: Outcome["result"]) => outcomes.filter((outcome) => outcome.result === result).length;
  const [done, failed, skipped] = [count("done"), count("failed"), count("skipped")];
  const time = formatDuration(applyMs ?? durationMs);
  const fields = { done, failed, skipped, milliseconds: applyMs ?? durationMs };
  const details = outcomeDetails(outcomes);
  if (failed === 0 && skipped > 0) { // where no step failed, only a signal leaves some out
    const text = `stopped after ${time}, as asked: ${done} done, ${skipped} left to the next pass`;
    return [line("notice", text, { event: "stopped", ...fields }), ...details];
  }
  const act = rollback ? "rolled back" : "applied";
  const head = failed === 0 ? `${act} in ${time}` : `not ${act}, ended after ${time}`;
  const text = `${head}: ${done} done, ${failed} failed, ${skipped} skipped`;
  return [line(failed === 0 ? "notice" : "error", text, { event: "applied", ...fields }), ...details];
}

/** Failed steps with what to do; what they took along is counted, and named for debugging. */
function outcomeDetails(outcomes: readonly Outcome[]): LogLine[] {
  const failed = outcomes.filter(({ result }) => result === "failed");
  const skipped = outcomes.filter(({ result }) => result === "skipped");
  return [
    ...failed.flatMap(failedLines),
    ...failed.length > 0 ? skippedSummary(skipped) : [],
    ...skipped.map((outcome) =>
      line("debug", `  skipped ${outcome.step.id}: ${outcome.error?.message ?? "no reason given"}`, stepFields(outcome))
    ),
  ];
}

function failedLines(outcome: Outcome): LogLine[] {
  const { step, error } = outcome;
  const words = `  failed  ${step.id}: ${error?.message ?? "no reason given"}${error ? ` (${error.code})` : ""}`;
  const first = line("error", words, stepFields(outcome));
  return [first, ...hintLines(first, error?.hint), ...logTailLines(first, outcome.log)];
}

function skippedSummary(skipped: readonly Outcome[]): LogLine[] {
  if (skipped.length === 0) return [];
  const text = `  ${plural(skipped.length, "step")} skipped: ${
    skipped.length === 1 ? "it needs" : "they need"
  } what failed`;
  return [line("warning", text, { event: "skipped", count: skipped.length })];
}

function stepFields({ step, result, error }: Outcome): LineFields {
  return { event: "step", step: step.id, resource: step.resource, result, code: error?.code };
}

/** What the steps did not bring about, although each of them was done. */
function leftLines({ left = [] }: Report): LogLine[] {
  if (left.length === 0) return [];
  const head = line("warning", "still differs after the pass:", { event: "left", count: left.length });
  const lines = differenceLines(left, { actions: false });
  return [head, ...lines.map((each) => ({ ...each, text: `  ${each.text}` }))]; // never the same line as the plan's
}

/** What git names and the Engine did not take: another try would end the same. */
function unhonoredLines({ unhonored = [] }: Report): LogLine[] {
  if (unhonored.length === 0) return [];
  const fields = unhonored.flatMap(({ resource, cause }) =>
    "fields" in cause
      ? cause.fields.map((field) =>
        line("warning", `    ${resource}  ${describeField("drifted", field)}`, { event: "unhonored", resource })
      )
      : []
  );
  return [
    line("warning", "not honored by this Engine, and left so:", { event: "unhonored", count: unhonored.length }),
    ...fields,
  ];
}

/** Drift that did not wait for the end of the verification. */
function mendedLines({ mended = [] }: Report): LogLine[] {
  if (mended.length === 0) return [];
  const head = line("warning", "corrected during the verification:", { event: "mended", count: mended.length });
  return [head, ...differenceLines(mended, { actions: false }).map((each) => ({ ...each, text: `  ${each.text}` }))];
}

function convergedLine(report: Report): LogLine {
  const at = report.revision ? ` at ${shortCommit(report.revision.commit)}` : "";
  return line("notice", `converged${at}`, { event: "converged" });
}
