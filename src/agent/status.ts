import type { StateStore } from "../ports/state-store.ts";
import type { Status } from "../report/status.ts";
import { readStatusText } from "./status-record.ts";

/**
 * What is known of one deployment from the state folder alone.
 *
 * @throws HoldfastError `STATE_UNREADABLE`
 */
export async function readStatus(deployment: string, store: StateStore): Promise<Status> {
  const kept = readStatusText(deployment, await store.readStatus(deployment));
  const ledger = await store.readLedger(deployment); // an unreadable one is told, even where a status is there
  if (kept) return kept;
  return { deployment, state: ledger.applied ? "applied" : "unknown", applied: ledger.applied, hold: ledger.hold };
}
