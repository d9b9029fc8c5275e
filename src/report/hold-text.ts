import type { Hold } from "../model/ledger.ts";
import { shortCommit } from "../model/revision.ts";

const verbs: Readonly<Record<Hold["kind"], string>> = {
  denied: "is denied by",
  invalid: "is invalid:",
  failed: "failed:",
  obstructed: "is obstructed:",
};

/** Which revision is held and why: `9f8e7d6 is denied by policy M33`, `9f8e7d6 failed: port 443 does not answer`. */
export function describeHold({ commit, kind, reason }: Hold): string {
  return `${shortCommit(commit)} ${verbs[kind]} ${reason}`;
}
