import type { DigestKey } from "../model/digest.ts";
import type { Ledger } from "../model/ledger.ts";

/** The agent's state folder. */
export interface StateStore {
  /**
   * @returns the empty ledger only when there is none yet
   * @throws HoldfastError `STATE_UNREADABLE` for a ledger that exists and cannot be read or is of a newer version
   */
  readLedger(deployment: string): Promise<Ledger>;
  /** @throws HoldfastError `STATE_WRITE` */
  writeLedger(ledger: Ledger): Promise<void>;
  /** Made on first use, 0600. */
  digestKey(): Promise<DigestKey>;
}
