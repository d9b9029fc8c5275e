import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { systemClock } from "./adapters/clock/system-clock.ts";
import { dockerEngine } from "./adapters/docker/docker-engine.ts";
import type { Registry } from "./adapters/docker/pull.ts";
import type { PackInspector } from "./adapters/git/commit-store.ts";
import { tooCostly } from "./adapters/git/errors.ts";
import { gitSource } from "./adapters/git/git-source.ts";
import { type FileReference, readSecretFile, readSecretLine } from "./adapters/host-config/read-files.ts";
import { hostFiles } from "./adapters/host-files/host-files.ts";
import { openpgpKeyring } from "./adapters/openpgp/keyring.ts";
import { askUrl } from "./adapters/probe/http-probe.ts";
import { tcpProbe } from "./adapters/probe/tcp-probe.ts";
import { tarArchive } from "./adapters/tar/archive.ts";
import type { Deployment } from "./agent/deployment.ts";
import { guardedPaths } from "./agent/guarded-paths.ts";
import { isolatedLoader } from "./agent/isolated-revision.ts";
import { Revisions } from "./agent/revisions.ts";
import type { AgentConfig, DeploymentConfig } from "./config/agent-config.ts";
import type { DigestKey } from "./model/digest.ts";
import type { Revision } from "./model/revision.ts";
import type { Isolation } from "./ports/isolation.ts";
import type { Log } from "./ports/log.ts";
import type { Progress } from "./ports/progress.ts";
import type { StateStore } from "./ports/state-store.ts";

/** What a command says while it works. */
export interface Output {
  readonly log: Log;
  readonly progress: Progress;
}

/** What all deployments of a host have in common. */
export interface SharedParts {
  readonly config: AgentConfig;
  /** The folder of `store` and of the object stores. */
  readonly state: string;
  readonly store: StateStore;
  readonly output: Output;
  readonly digestKey: DigestKey;
  /** Where what repositories say is read and judged. */
  readonly isolation: Isolation;
}

/** One deployment with its adapters. Nothing is read or asked yet: secrets are read from their files when they are used. */
export function wireDeployment(
  deployment: DeploymentConfig,
  { config, state, store, output, digestKey, isolation }: SharedParts,
): Deployment {
  const { tokenFile, caFile } = deployment.credentials;
  const { passphraseFile, privateKeyFile } = deployment.unlock;
  const secret = (reference: FileReference | undefined, what: string) =>
    reference === undefined ? undefined : () => readSecretFile(reference, `deployment "${deployment.name}", ${what}`);
  const text = (reference: FileReference | undefined, what: string) => {
    const read = secret(reference, what);
    return read && (async () => new TextDecoder().decode(await read()).trim());
  };
  const storeFolder = join(state, "git", deployment.name);
  const passphrase = secret(passphraseFile, "unlock.passphraseFile");
  const privateKey = secret(privateKeyFile, "unlock.privateKeyFile");
  const secrets = async () => ({ passphrase: await passphrase?.(), privateKey: await privateKey?.() });
  return {
    config: deployment,
    digestKey,
    guarded: guardedPaths(config, deployment, realPath),
    // an adopted clone keeps the name that Compose gave it
    defaultProject: deployment.checkout === join(config.state, deployment.name, "checkout")
      ? deployment.name
      : undefined,
    parallel: config.engine.parallel === "auto" ? Math.max(4, 2 * availableParallelism()) : config.engine.parallel,
    revisions: new Revisions(isolatedLoader({ isolation, storeFolder, secrets })),
    ports: {
      source: gitSource({
        repository: deployment.repository,
        ref: deployment.ref,
        storeFolder,
        inspect: isolatedInspector(isolation),
        credentials: { token: text(tokenFile, "credentials.tokenFile"), ca: text(caFile, "credentials.caFile") },
      }),
      keyring: openpgpKeyring({
        passphrase,
        privateKey,
      }),
      archive: tarArchive(),
      hostFiles: hostFiles({
        checkout: deployment.checkout,
        checkoutOwner: deployment.checkout.startsWith(`${config.state}/`) ? "holdfast" : "operator",
        runtime: join(config.runtime, deployment.name),
        digestKey,
      }),
      engine: dockerEngine({ host: config.engine.host, registries: config.engine.registries.map(wireRegistry) }),
      probe: { ...tcpProbe(), asks: askUrl },
      store,
      clock: systemClock(),
      ...output,
    },
  };
}

/** Unpacks what was fetched where it can do no harm. */
function isolatedInspector(isolation: Isolation): PackInspector {
  return async ({ pack, tip, limits }, signal) => {
    return await isolation.run(
      { kind: "inspect", input: { pack, tip, limits }, exceeded: tooCostly },
      signal,
    ) as Revision;
  };
}

/** What is not there yet has no links either. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function wireRegistry({ host, usernameFile, passwordFile }: AgentConfig["engine"]["registries"][number]): Registry {
  const read = (reference: FileReference, key: string) =>
    readSecretLine(reference, `engine.registries, "${host}", ${key}`);
  return {
    host,
    login: async () => ({
      username: await read(usernameFile, "usernameFile"),
      password: await read(passwordFile, "passwordFile"),
    }),
  };
}
