import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type DigestKey, digestKey } from "../../model/digest.ts";
import { HoldfastError } from "../../model/error.ts";
import { emptyLedger, type Ledger } from "../../model/ledger.ts";
import type { StateStore } from "../../ports/state-store.ts";
import { ledgerSchema } from "./_ledger-schema.ts";
import { makeStateFile, writeStateFile, writeTransientFile } from "./_write-file.ts";

const digestKeyBytes = 32;

/**
 * The agent's state folder: `<deployment>/ledger.json`, `<deployment>/status.json` and `digest.key`.
 *
 * @param folder absolute; made on the first write
 */
export function stateStore(folder: string): StateStore {
  return {
    readLedger: (deployment) => readLedger(join(folder, deployment, "ledger.json"), deployment),
    writeLedger: (ledger) =>
      writeStateFile(join(folder, ledger.deployment, "ledger.json"), `${JSON.stringify(ledger, undefined, 2)}\n`),
    readStatus: (deployment) => readFile(join(folder, deployment, "status.json"), "utf8").catch(() => undefined),
    writeStatus: (deployment, text) => writeTransientFile(join(folder, deployment, "status.json"), text),
    digestKey: () => readOrMakeDigestKey(join(folder, "digest.key")),
  };
}

async function readLedger(path: string, deployment: string): Promise<Ledger> {
  const bytes = await readIfThere(path);
  if (!bytes) return emptyLedger(deployment);
  const value = parseJson(path, bytes);
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== 1) throw unreadableLedger(path, `its version is ${JSON.stringify(version)}, this holdfast reads 1`);
  const parsed = ledgerSchema.safeParse(value);
  if (!parsed.success) {
    throw unreadableLedger(path, z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " "), parsed.error);
  }
  if (parsed.data.deployment !== deployment) {
    throw unreadableLedger(path, `it is of deployment "${parsed.data.deployment}", not "${deployment}"`);
  }
  return parsed.data;
}

async function readOrMakeDigestKey(path: string): Promise<DigestKey> {
  let bytes = await readIfThere(path);
  if (!bytes) {
    await makeStateFile(path, randomBytes(digestKeyBytes));
    bytes = await readFile(path);
  }
  if (bytes.length !== digestKeyBytes) {
    throw unreadable(path, `it holds ${bytes.length} bytes, not ${digestKeyBytes}`, {
      hint: `restore "${path}" from a backup, or remove it: a new one is made, and nothing is recreated for it`,
    });
  }
  return digestKey(bytes);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(path, (error as Error).message, { cause: error });
  }
}

function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw unreadableLedger(path, `it is not JSON: ${(error as Error).message}`, error);
  }
}

function unreadableLedger(path: string, found: string, cause?: unknown): HoldfastError {
  const hint = `restore "${path}" from a backup, or install the holdfast that wrote it; removing it forgets ` +
    "the highest revision and the holds, and takes up what the labels on the host tell";
  return unreadable(path, found, { hint, cause });
}

function unreadable(
  path: string,
  found: string,
  more: { readonly hint?: string; readonly cause?: unknown },
): HoldfastError {
  return new HoldfastError("STATE_UNREADABLE", `Cannot read "${path}": ${found}`, {
    retry: "operator",
    hint: more.hint ?? `make "${path}" readable for holdfast`,
    cause: more.cause,
  });
}
