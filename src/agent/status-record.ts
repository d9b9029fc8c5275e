import type { Ledger } from "../model/ledger.ts";
import type { Report } from "../report/report.ts";
import { stateOf, type Status } from "../report/status.ts";

/** Version of the text: another one is read as if there were none. */
const version = 1;

interface Recording {
  readonly report: Report;
  readonly ledger: Ledger;
  /** The text before this pass. */
  readonly before: string | undefined;
}

/** The text that the state folder keeps for `status` after a pass. */
export function statusAfter({ report, ledger, before }: Recording): string {
  const previous = readStatusText(report.deployment, before);
  const state = stateOf(report);
  const polled = report.tip !== undefined && !report.error?.code.startsWith("SOURCE_");
  const applied = ledger.applied &&
    { ...(report.revision?.commit === ledger.applied.commit ? report.revision : {}), ...ledger.applied };
  const status: Status = {
    deployment: report.deployment,
    state,
    since: previous?.state === state ? previous.since : report.startedAt,
    applied: applied && { ...(previous?.applied?.commit === applied.commit ? previous.applied : {}), ...applied },
    tip: report.tip ?? previous?.tip,
    lastPollAt: polled ? report.startedAt : previous?.lastPollAt,
    hold: report.hold,
    notices: standingNotices(report) ?? (report.plan ? undefined : previous?.notices),
    error: report.error,
  };
  return JSON.stringify({ version, status }, null, 2) + "\n";
}

function standingNotices({ plan }: Report): Status["notices"] {
  const notices = plan?.notices.filter(({ severity }) => severity === "error");
  return notices?.length ? notices : undefined;
}

/** The status that was kept; undefined when there is none that this version can read. */
export function readStatusText(deployment: string, text: string | undefined): Status | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as { version?: unknown; status?: Status };
    return kept.version === version && kept.status?.deployment === deployment ? kept.status : undefined;
  } catch {
    return undefined; // nothing depends on it: the next pass writes it anew
  }
}
