import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GitServer, gitServer } from "../../test/support/git-server.ts";
import { makeKeys, sealKeys } from "../../test/support/mender/keys.ts";
import { ensureMenderImages } from "../../test/support/mender/stand-ins.ts";
import { type PrivateEngine, privateEngine } from "../../test/support/private-engine.ts";
import type { Removable } from "../../test/support/removable.ts";
import { createRepository, type Repository } from "../../test/support/repository.ts";
import { memoryFolder, tempFolder } from "../../test/support/temp.ts";

/** The host, the repository and the keys of the demo. */
export interface Stage {
  readonly engine: PrivateEngine;
  readonly repository: Repository;
  readonly server: GitServer;
  readonly folders: {
    /** The keys in clear, as the operator has them. */
    readonly keys: string;
    readonly state: string;
    /** On tmpfs. */
    readonly runtime: string;
  };
  readonly files: {
    readonly binary: string;
    /** agent.yaml */
    readonly config: string;
    readonly passphrase: string;
  };
}

export const HOSTS = { api: "mender.acme.example", storage: "s3.acme.example" };
export const BUNDLE = "production/keys-generated.tar.gpg";
export const PROD_YML = "production/config/prod.yml";
const MANIFEST = "production/holdfast.yaml";

/**
 * Sets everything up except the agent: a private Engine with the images, the keys, and a git server with
 * `examples/mender` pushed to it.
 *
 * @param say gets a line for each thing that stands
 */
export async function setStage(
  stack: AsyncDisposableStack,
  { passphrase, say }: { readonly passphrase: string; readonly say: (line: string) => void },
): Promise<Stage> {
  const binary = fileURLToPath(new URL("../../dist/holdfast", import.meta.url));
  if (!existsSync(binary)) throw new Error(`No binary at "${binary}": "npm run build" makes it`);
  const use = <T extends Removable>(made: T): T => stack.use(made);

  const engine = use(await privateEngine("demo"));
  const { Version } = await engine.docker.version();
  say(`Docker Engine ${Version}, its own and with nothing on it, in a network of its own`);
  let images = 0;
  await ensureMenderImages(engine.socket, "os", () => images++);
  say(`${images} stand-in images under the names of Mender 2.2.0's`);

  const work = use(tempFolder("demo-host")).path;
  const folders = {
    keys: join(work, "keys-generated"),
    state: join(work, "state"),
    runtime: use(memoryFolder("demo")).path,
  };
  await makeKeys(folders.keys, HOSTS);
  const bundle = join(work, "bundle.gpg");
  await sealKeys(folders.keys, passphrase, bundle);
  say("certificates and keys, sealed by gpg with a passphrase");

  const repository = use(await createRepository("mender"));
  await cp(fileURLToPath(new URL("../../examples/mender", import.meta.url)), repository.clone, { recursive: true });
  const manifest = await readFile(join(repository.clone, MANIFEST), "utf8");
  await repository.commit({
    [BUNDLE]: await readFile(bundle),
    [MANIFEST]: replaceOnce(manifest, "running: 15s", "running: 5s"), // a show has less time than production
  }, "Mender 2.2.0 in production");
  const server = use(await gitServer({ root: repository.root, network: engine }));
  const url = `${server.url}/mender.git`;
  say(`examples/mender with these keys, at ${url}`);

  const files = { binary, config: join(work, "agent.yaml"), passphrase: join(work, "passphrase") };
  await writeFile(files.passphrase, `${passphrase}\n`, { mode: 0o600 });
  await writeFile(files.config, agentYaml(url, { engine, folders, passphraseFile: files.passphrase }));
  return { engine, repository, server, folders, files };
}

function agentYaml(
  repository: string,
  host: Pick<Stage, "engine" | "folders"> & { readonly passphraseFile: string },
): string {
  return `deployments:
  - name: mender
    repository: ${repository}
    ref: main
    path: production
    interval: 1s
    unlock: { passphraseFile: ${host.passphraseFile} }
engine: { host: "unix://${host.engine.socket}" }
state: ${host.folders.state}
runtime: ${host.folders.runtime}
`;
}

/**
 * Changes the one place of a text that reads so.
 *
 * @throws Error when there is none, or more than one: the demo does not fit the example any more
 */
export function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times where the demo needs it once`);
  return parts.join(to);
}
