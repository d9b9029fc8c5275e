import { formatIssue } from "../model/issue.ts";
import { formatPosition } from "../model/position.ts";
import { shortCommit } from "../model/revision.ts";
import type { Notice } from "../plan/plan.ts";
import type { Verdict } from "../policy/policy.ts";
import { noticeText } from "./differences.ts";
import { describeHold } from "./hold-text.ts";
import { hintLines, line, type LineFields, type LogLine } from "./line.ts";
import type { Report } from "./report.ts";
import { verdictLevels } from "./verdicts-text.ts";
import { plural } from "./words.ts";

/** Something that stands until it is mended, over many passes: said when it begins and when it ends, not in between. */
export interface Condition {
  /** Equal keys are the same condition. */
  readonly key: string;
  readonly lines: readonly LogLine[];
  /** Said when it is over; absent: its end needs no words. */
  readonly over?: LogLine;
}

/** Everything in a report that stands. */
export function conditionsOf(report: Report): Condition[] {
  return [...findingConditions(report), ...endingConditions(report)];
}

/** What was found in the tip: told before the plan. */
export function findingConditions(report: Report): Condition[] {
  return [
    ...report.issues.map((issue) => {
      const fields = { event: "issue", code: issue.code, file: issue.position?.file, line: issue.position?.line };
      return condition("issue", `${formatIssue(issue)} (${issue.code})`, {
        level: issue.severity,
        fields,
        hint: issue.hint,
        indent: true,
        label: issue.severity,
      });
    }),
    ...report.verdicts.filter(({ outcome }) => outcome === "denied").map(verdictCondition),
    ...milderVerdicts(report.verdicts),
  ];
}

/** What the pass leaves behind: told after the plan and its outcomes. */
export function endingConditions(report: Report): Condition[] {
  return [
    ...(report.plan?.notices ?? []).map(noticeCondition),
    ...holdConditions(report),
    ...errorConditions(report),
  ];
}

function noticeCondition(notice: Notice): Condition {
  const told = condition("notice", noticeText(notice), {
    level: notice.severity,
    fields: { event: "notice", resource: notice.resource },
    hint: notice.hint,
  });
  // What the host answers may be something else each time.
  return notice.kind === "unlasting" ? { ...told, key: `notice ${notice.resource} ${notice.message}` } : told;
}

interface Telling {
  readonly level: LogLine["level"];
  readonly fields: LineFields;
  readonly hint: string | undefined;
  readonly indent?: boolean;
  readonly label?: string;
  readonly over?: LogLine;
}

function condition(kind: string, text: string, telling: Telling): Condition {
  const words = `${telling.indent ? "  " : ""}${telling.label ? `${telling.label}: ` : ""}${text}`;
  const first = line(telling.level, words, telling.fields);
  return { key: `${kind} ${words}`, lines: [first, ...hintLines(first, telling.hint)], over: telling.over };
}

/** What denies nothing is counted in one line: `holdfast check` tells each with its place. */
function milderVerdicts(verdicts: readonly Verdict[]): Condition[] {
  return (["warned", "waived"] as const).flatMap((outcome) => {
    const policies = verdicts.filter((verdict) => verdict.outcome === outcome).map((verdict) => verdict.policy);
    if (policies.length === 0) return [];
    const counted = [...new Set(policies)].sort().map((policy) => {
      const count = policies.filter((each) => each === policy).length;
      return count === 1 ? policy : `${policy} ${count}×`;
    });
    return [condition("verdicts", `${plural(policies.length, "verdict")}: ${counted.join(", ")}`, {
      level: outcome === "warned" ? "warning" : "info",
      fields: { event: "verdicts", outcome, count: policies.length },
      hint: outcome === "warned"
        ? '"holdfast check" in a clone of the repository tells where and what to do'
        : undefined,
      indent: true,
      label: outcome,
    })];
  });
}

function verdictCondition(verdict: Verdict): Condition {
  const place = verdict.position ? ` (${formatPosition(verdict.position)})` : "";
  return condition("verdict", `${verdict.policy} ${verdict.resource}: ${verdict.message}${place}`, {
    level: verdictLevels[verdict.outcome],
    fields: {
      event: "verdict",
      policy: verdict.policy,
      pack: verdict.pack,
      outcome: verdict.outcome,
      resource: verdict.resource,
      file: verdict.position?.file,
      line: verdict.position?.line,
    },
    hint: verdict.hint,
    indent: true,
    label: verdict.outcome,
  });
}

function holdConditions(report: Report): Condition[] {
  const { hold, revision } = report;
  if (!hold) return [];
  const fields = { event: "held", revision: hold.commit, hold: hold.kind, since: hold.at };
  const goesOn = hold.kind === "obstructed" ? "; the rest of it goes on, and this ends by itself" : "";
  const stays = revision && revision.commit !== hold.commit ? `; ${shortCommit(revision.commit)} stays applied` : "";
  const told = condition("hold", `held: ${describeHold(hold)}${goesOn}${stays}`, {
    level: "error",
    fields,
    hint: undefined,
    over: line("notice", `no longer held: ${shortCommit(hold.commit)} (${hold.kind}, since ${hold.at})`, {
      ...fields,
      event: "hold-ended",
    }),
  });
  return [{ ...told, key: `hold ${hold.commit} ${hold.kind} ${hold.reason}` }];
}

const retryWords = {
  backoff: "tried again with growing pauses",
  "next-revision": "tried again when git moves",
  operator: "waits for an operator, asked again at the interval",
} as const;

function errorConditions(report: Report): Condition[] {
  const { error } = report;
  if (!error) return [];
  const fields = { event: "error", code: error.code, retry: error.retry };
  return [condition("error", `${error.message} (${error.code}; ${retryWords[error.retry]})`, {
    level: "error",
    fields,
    hint: error.hint,
    over: line("notice", `recovered from ${error.code}`, { ...fields, event: "recovered" }),
  })];
}
