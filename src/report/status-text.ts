import { quoteText } from "../model/escape.ts";
import { shortCommit } from "../model/revision.ts";
import { noticeText } from "./differences.ts";
import { describeHold } from "./hold-text.ts";
import { line, type LogLine } from "./line.ts";
import type { TipRevision } from "./report.ts";
import type { DeploymentState, RunningAgent, RunningPass, Status } from "./status.ts";
import { alignColumns, formatAge } from "./words.ts";

const stateLevels: Readonly<Record<DeploymentState, LogLine["level"]>> = {
  converged: "info",
  applied: "notice",
  pending: "notice",
  unknown: "notice",
  held: "warning",
  failed: "error",
};

/** A table, one deployment a row, and below it why a deployment is held or failed, and the pass that goes on. */
export function renderStatus(statuses: readonly Status[], now: Date): LogLine[] {
  const header = ["DEPLOYMENT", "STATE", "SINCE", "APPLIED", "TIP", "POLLED"];
  const [head, ...rows] = alignColumns([header, ...statuses.map((status) => statusRow(status, now))]);
  return [
    line("info", head ?? "", { event: "status" }),
    ...statuses.map((status, index) =>
      line(stateLevels[status.state], rows[index] ?? "", { event: "status", deployment: status.deployment })
    ),
    ...statuses.flatMap(reasonLines),
    ...statuses.flatMap(({ deployment, running }) => running ? [runningLine(deployment, running, now)] : []),
  ];
}

/** Whether anybody keeps the host as the table tells it. */
export function renderAgent(agent: RunningAgent | undefined, now: Date): LogLine {
  if (!agent) {
    return line("warning", "no agent answers: this is what the last one left behind (systemctl status holdfast)", {
      event: "agent",
    });
  }
  const age = formatAge(now.getTime() - Date.parse(agent.startedAt));
  return line("info", `agent ${agent.version} has run for ${age}, process ${agent.pid}`, { event: "agent" });
}

function statusRow(status: Status, now: Date): string[] {
  const { deployment, state, since, applied, tip, lastPollAt } = status;
  const age = (at: string | undefined) => at === undefined ? "-" : formatAge(now.getTime() - Date.parse(at));
  const polled = age(lastPollAt);
  return [
    deployment,
    state,
    age(since),
    describeRevision(applied),
    tip?.commit === applied?.commit && tip ? "same" : describeRevision(tip),
    polled === "-" ? polled : `${polled} ago`,
  ];
}

function describeRevision(revision: TipRevision | undefined): string {
  if (!revision) return "-";
  return `${shortCommit(revision.commit)}${
    revision.subject === undefined ? "" : ` ${quoteText(shorten(revision.subject))}`
  }`;
}

/** Subjects are at most 72 characters by custom; a table column takes 40. */
function shorten(subject: string): string {
  const chars = [...subject];
  return chars.length <= 40 ? subject : `${chars.slice(0, 39).join("")}…`;
}

function runningLine(deployment: string, { startedAt, revision, under }: RunningPass, now: Date): LogLine {
  const of = revision ? ` for ${shortCommit(revision.commit)}` : "";
  const doing = under.length > 0 ? `: ${under.join(" · ")}` : "";
  const age = formatAge(now.getTime() - Date.parse(startedAt));
  return line("info", `${deployment}: a pass${of} has run for ${age}${doing}`, { event: "running", deployment });
}

function reasonLines({ deployment, hold, notices = [], error }: Status): LogLine[] {
  return [
    ...(hold ? [line("warning", `${deployment}: ${describeHold(hold)} (held since ${hold.at})`)] : []),
    ...notices.flatMap((notice) => {
      const said = hold?.reason.includes(notice.message) ? [] : [noticeText(notice).trim().replace(/^\? /, "")];
      return [...said.map((text) => line("error", `${deployment}: ${text}`)), line("error", `  hint: ${notice.hint}`)];
    }),
    ...(error
      ? [line("error", `${deployment}: ${error.message} (${error.code})`), line("error", `  hint: ${error.hint}`)]
      : []),
  ];
}
