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
  /** What `status` tells, as JSON text; undefined before the first pass. Not needed to go on: an unreadable one is undefined. */
  readStatus(deployment: string): Promise<string | undefined>;
  /** @throws HoldfastError `STATE_WRITE` */
  writeStatus(deployment: string, text: string): Promise<void>;
  /** Made on first use, 0600. */
  digestKey(): Promise<DigestKey>;
}
