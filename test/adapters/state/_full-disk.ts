// Fills the disk below a state folder, writes, and prints what came of it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { stateStore } from "../../../src/adapters/state/state-store.ts";
import { emptyLedger, type Ledger } from "../../../src/model/ledger.ts";

const folder = process.argv[2]!;
const store = stateStore(folder);
await store.writeLedger(emptyLedger("mender"));
const before = await store.readLedger("mender");
const services = Object.fromEntries(
  Array.from({ length: 2000 }, (_, n) => [`service-${n}`, { containerId: "0".repeat(64), digest: "v1" }]),
);
const large: Ledger = { ...before, inventory: { services, networks: [], volumes: [] } };
const error = await store.writeLedger(large).then(() => undefined, (thrown) => thrown);
writeFileSync(join(folder, "rest-is-free-again"), new Uint8Array(32_000));
console.log(
  JSON.stringify({
    code: error?.code,
    retry: error?.retry,
    hint: error?.hint,
    before,
    after: await store.readLedger("mender"),
  }),
);
