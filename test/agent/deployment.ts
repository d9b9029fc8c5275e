import type { Deployment, DeploymentPorts } from "../../src/agent/deployment.ts";
import { Revisions } from "../../src/agent/revisions.ts";
import { keyedDigest } from "../../src/model/digest.ts";
import { HoldfastError } from "../../src/model/error.ts";
import type { PlacedFile, RevisionFiles } from "../../src/model/files.ts";
import type { KeyFile } from "../../src/model/keys.ts";
import { emptyLedger, type Ledger } from "../../src/model/ledger.ts";
import type { Revision } from "../../src/model/revision.ts";
import { type FakeEngine, fakeEngine } from "../support/fake-engine.ts";
import { testClock, testKey } from "../support/world.ts";

/** `denied`: it refuses the token; `busy`: it asks to be left alone for 200 s. */
type SourceState = "up" | "down" | "denied" | "busy";

/** Text by repository path. */
export type Files = Readonly<Record<string, string>>;

/** A deployment whose ports are all in memory, and the hands of whoever acts on them from outside. */
export interface MemoryDeployment {
  readonly deployment: Deployment;
  readonly engine: FakeEngine;
  /** Pushes a commit. @returns its id */
  push(files: Files): string;
  /** The git server does not answer until it is `up` again. */
  setSource(state: SourceState): void;
  /** What the bundle is opened with from now on; at first "right". */
  setPassphrase(passphrase: string): void;
  ledger(): Ledger;
  readonly journal: string[];
  /** How often each was asked. */
  readonly counts: { resolve: number; fetch: number; read: number; decrypt: number; writeLedger: number };
}

export function memoryDeployment(
  { ports = {}, intervalMs = 60_000 }: { readonly ports?: Partial<DeploymentPorts>; readonly intervalMs?: number } = {},
): MemoryDeployment {
  const counts = { resolve: 0, fetch: 0, read: 0, decrypt: 0, writeLedger: 0 };
  const commits = new Map<string, { readonly revision: Revision; readonly files: RevisionFiles }>();
  const journal: string[] = [];
  const engine = fakeEngine();
  let state: SourceState = "up";
  let passphrase = "right";
  let tip = "";
  let ledger = emptyLedger("demo");
  let status: string | undefined;
  const all: DeploymentPorts = {
    engine,
    clock: testClock(),
    progress: { show: () => {} },
    log: { write: (level, text) => void journal.push(`${level} ${text}`) },
    probe: { connects: () => Promise.resolve(true), asks: () => Promise.resolve({ status: 200 }) },
    hostFiles: memoryHostFiles(),
    keyring: {
      fingerprint: () => Promise.resolve(passphrase),
      decrypt: (message) => {
        counts.decrypt++;
        if (passphrase !== "right" || message[0] !== "{".charCodeAt(0)) return Promise.reject(wrongPassphrase());
        return Promise.resolve(message);
      },
    },
    archive: { unpack: (bytes) => Promise.resolve(unpacked(bytes)) },
    source: {
      resolve: () => {
        counts.resolve++;
        if (state !== "up") return Promise.reject(sourceErrors[state]());
        return Promise.resolve({ commit: tip, ref: "refs/heads/main" });
      },
      fetch: ({ commit }) => {
        counts.fetch++;
        return Promise.resolve(commits.get(commit)!.revision);
      },
      read: (commit) => {
        counts.read++;
        const found = commits.get(commit);
        return found ? Promise.resolve(found) : Promise.reject(lost(commit));
      },
      prune: (keep) => {
        for (const commit of commits.keys()) if (commit !== tip && !keep.includes(commit)) commits.delete(commit);
        return Promise.resolve();
      },
    },
    store: {
      readLedger: () => Promise.resolve(ledger),
      writeLedger: (next) => {
        counts.writeLedger++;
        ledger = JSON.parse(JSON.stringify(next)); // what is absent is not undefined there
        return Promise.resolve();
      },
      readStatus: () => Promise.resolve(status),
      writeStatus: (_deployment, text) => {
        status = text;
        return Promise.resolve();
      },
      digestKey: () => Promise.resolve(testKey),
    },
    ...ports,
  };
  const config = { name: "demo", path: ".", checkout: "/srv/demo", mode: "enforce", intervalMs };
  return {
    deployment: {
      config: config as Deployment["config"],
      digestKey: testKey,
      parallel: 4,
      ports: all,
      revisions: new Revisions(),
    },
    engine,
    push: (files) => {
      const commit = digestOf(JSON.stringify([commits.size, files]));
      const revision = { commit, tree: commit, ref: "refs/heads/main", subject: "a change", committedAt: 0 };
      commits.set(commit, {
        revision: { ...revision, author: { name: "Ops", email: "ops@example.com" } },
        files: revisionFiles(files),
      });
      tip = commit;
      return commit;
    },
    setSource: (next) => void (state = next),
    setPassphrase: (next) => void (passphrase = next),
    ledger: () => ledger,
    journal,
    counts,
  };
}

function revisionFiles(files: Files): RevisionFiles {
  return new Map(
    Object.entries(files).sort().map(([path, text]) => [path, {
      mode: "file",
      oid: digestOf(text),
      bytes: new TextEncoder().encode(text),
    }]),
  );
}

/** 40 hex digits, as git's. */
function digestOf(text: string): string {
  return keyedDigest(testKey, text).slice(0, 40);
}

/** The fake bundle is JSON: text by path. */
function unpacked(bytes: Uint8Array): KeyFile[] {
  const files: Files = JSON.parse(new TextDecoder().decode(bytes));
  return Object.entries(files).map(([path, text]) => ({
    path,
    mode: 0o600,
    uid: 0,
    gid: 0,
    bytes: new TextEncoder().encode(text),
  }));
}

/** Files that nobody but the agent ever touches. */
function memoryHostFiles(): DeploymentPorts["hostFiles"] {
  let files: RevisionFiles = new Map();
  let keys: ReadonlyMap<string, PlacedFile> = new Map();
  let keyFiles: readonly KeyFile[] = [];
  let secrets: ReadonlyMap<string, PlacedFile> = new Map();
  const placed = (entries: readonly KeyFile[]) =>
    new Map(entries.map(({ path, bytes, mode, uid, gid }) => [
      path,
      { digest: keyedDigest(testKey, bytes), mode, owner: { uid, gid } },
    ]));
  return {
    folders: { checkout: "/srv/demo", keys: "/run/holdfast/demo/keys", secrets: "/run/holdfast/demo/secrets" },
    observe: (wanted) =>
      Promise.resolve(
        [...wanted].filter(([path, { oid }]) => files.get(path)?.oid !== oid).map(([path]) => ({
          path,
          found: "edited",
        })),
      ),
    observeKeys: () => Promise.resolve(keys),
    check: () => Promise.resolve(),
    placeCheckout: (wanted) => {
      files = wanted;
      return Promise.resolve();
    },
    readKeys: () => Promise.resolve(keyFiles),
    placeKeys: (wanted) => {
      keyFiles = wanted;
      keys = placed(wanted);
      return Promise.resolve();
    },
    observeSecrets: () => Promise.resolve(secrets),
    placeSecrets: (wanted) => {
      secrets = placed(wanted);
      return Promise.resolve();
    },
  };
}

const sourceErrors = {
  down: () => unreachable(),
  denied: () =>
    new HoldfastError("SOURCE_DENIED", "Cannot read the repository: the server answers 401", {
      retry: "operator",
      hint: "check the token",
    }),
  busy: () =>
    new HoldfastError("SOURCE_UNREACHABLE", "Cannot reach the git server: it answers 429", {
      retry: "backoff",
      retryAfterMs: 200_000,
      hint: "wait",
    }),
};

function unreachable(): HoldfastError {
  return new HoldfastError("SOURCE_UNREACHABLE", "Cannot reach the git server: refused", {
    retry: "backoff",
    hint: "see whether it runs",
  });
}

function lost(commit: string): HoldfastError {
  return new HoldfastError("SOURCE_NOT_FOUND", `Cannot read commit ${commit}: it was not fetched`, {
    retry: "backoff",
    hint: "it is fetched again",
  });
}

function wrongPassphrase(): HoldfastError {
  return new HoldfastError("KEYS_DECRYPT", "Cannot decrypt the keys bundle: wrong passphrase", {
    retry: "next-revision",
    hint: "correct the passphrase",
  });
}
