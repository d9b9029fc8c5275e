import { escapeJson } from "../model/escape.ts";
import type { HoldfastError } from "../model/error.ts";
import { type Issue, sortIssues } from "../model/issue.ts";
import type { Cause } from "../plan/cause.ts";
import type { Difference, Plan } from "../plan/plan.ts";
import { describeStep } from "../plan/describe.ts";
import type { Outcome, Step } from "../plan/step.ts";
import type { Verdict } from "../policy/policy.ts";
import { allOutcomes, factsOf, type Report } from "./report.ts";
import { type RunningAgent, stateOf, type Status } from "./status.ts";
import { sortVerdicts } from "./verdicts-text.ts";

/** Of everything that `--format json` prints. Grows when a field changes its meaning or goes; a new field does not count. */
const jsonVersion = 1;

/**
 * The published form of reports. Steps are told by what they do and why, never by their specifications: those hold the
 * values of a container's environment.
 */
export function reportJson(report: Report) {
  return {
    deployment: report.deployment,
    state: stateOf(report),
    mode: report.mode,
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    revision: report.revision,
    tip: report.tip,
    hold: report.hold,
    rollback: report.rollback,
    issues: sortIssues(report.issues).map(issueJson),
    verdicts: sortVerdicts(report.verdicts).map(verdictJson),
    plan: report.plan && planJson(report.plan),
    outcomes: allOutcomes(report).map(outcomeJson),
    applyMs: report.applyMs,
    mended: report.mended?.map(differenceJson),
    health: report.health,
    left: report.left?.map(differenceJson),
    unhonored: report.unhonored?.map(differenceJson),
    facts: factsOf(report),
    converged: report.converged,
    error: report.error,
  };
}

function planJson(plan: Plan) {
  return {
    project: plan.project,
    convergedCount: plan.convergedCount,
    differences: plan.differences.map(differenceJson),
    notices: plan.notices,
    steps: plan.steps.map(stepJson),
    settle: plan.settle.map(stepJson),
  };
}

function differenceJson({ resource, action, cause }: Difference) {
  return { resource, action, cause: causeJson(cause) };
}

function stepJson(step: Step) {
  const { id, kind, resource, cause, needs } = step;
  return { id, kind, resource, text: describeStep(step), cause: cause.kind, needs };
}

function causeJson(cause: Cause) {
  return { kind: cause.kind, fields: "fields" in cause ? cause.fields : [] };
}

function outcomeJson({ step, result, durationMs, error, log }: Outcome) {
  const told = error && { code: error.code, message: error.message, hint: error.hint };
  return { step: step.id, kind: step.kind, resource: step.resource, result, durationMs, error: told, log };
}

function issueJson({ code, severity, message, hint, position, path }: Issue) {
  return { code, severity, message, hint, position, path };
}

function verdictJson(verdict: Verdict) {
  const { policy, pack, title, severity, outcome, resource, message, hint, position, reason } = verdict;
  return { policy, pack, title, severity, outcome, resource, message, hint, position, reason };
}

/** Of every error, in reports and alone. */
export function errorJson({ code, message, hint, retry, issues }: HoldfastError) {
  return { code, message, hint, retry, issues: sortIssues(issues).map(issueJson) };
}

/** What `plan`, `apply`, `sync` and `report` print. */
export function renderPublishedJson(reports: readonly { readonly json: unknown }[]): string {
  return jsonText({ reports: reports.map(({ json }) => json) });
}

/** What `sync` prints that does not wait: the deployments whose pass is due. */
export function renderWokenJson(deployments: readonly string[]): string {
  return jsonText({ woken: deployments });
}

/** @param agent the one that runs; null when none answers */
export function renderStatusJson(statuses: readonly Status[], agent: RunningAgent | null = null): string {
  return jsonText({ agent, deployments: statuses });
}

/** What `check` prints, and `config` where it fails. */
export function renderFindingsJson(issues: readonly Issue[], verdicts: readonly Verdict[]): string {
  return jsonText({ issues: sortIssues(issues).map(issueJson), verdicts: sortVerdicts(verdicts).map(verdictJson) });
}

/** One object with its version first, two spaces deep, a newline at the end. */
export function jsonText(value: Readonly<Record<string, unknown>>): string {
  return `${escapeJson(JSON.stringify({ version: jsonVersion, ...value }, null, 2))}\n`;
}
