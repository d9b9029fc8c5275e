import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CountingProxy, countingProxy } from "../support/counting-proxy.ts";
import { freshProject, removeProject, type TestEngine, testEngine } from "../support/engine.ts";
import { type GitServer, gitServer } from "../support/git-server.ts";
import { gpgHome } from "../support/gpg.ts";
import { standIn } from "../support/images.ts";
import { listenInEngineNetwork } from "../support/namespace.ts";
import { type Removable, removable } from "../support/removable.ts";
import { type Change, createRepository, type Repository } from "../support/repository.ts";
import { memoryFolder, mountedMemoryFolder, tempFolder } from "../support/temp.ts";
import { type Ran, runHoldfast, type RunningAgent, runsOnDeno, startHoldfast } from "./program.ts";

/** A host with a real Engine, a deployment repository behind a real git server, and nothing deployed yet. */
export type Host = Removable & {
  readonly engine: TestEngine;
  /** In front of the Engine: every call of holdfast goes through it. */
  readonly proxy: CountingProxy;
  readonly repository: Repository;
  readonly server: GitServer;
  /** Compose's project, and the prefix of the images. */
  readonly project: string;
  /** Host port that `web` publishes. */
  readonly port: number;
  readonly folders: {
    readonly state: string;
    /** On tmpfs. */
    readonly runtime: string;
    readonly checkout: string;
  };
  readonly files: { readonly config: string; readonly passphrase: string };
  /** Commits files and pushes them. @returns the commit */
  push(files: Readonly<Record<string, Change>>, message?: string): Promise<string>;
  /** Seals keys by path as the operator's guide says: `tar c keys | gpg --symmetric`. */
  seal(keys: Readonly<Record<string, string>>, passphrase?: string): Promise<Buffer>;
  /** Rewrites agent.yaml. */
  configure(options: ConfigOptions): Promise<void>;
  /** `holdfast COMMAND --config …`, with more arguments. */
  holdfast(command: string, ...args: string[]): Promise<Ran>;
  /** Starts `holdfast COMMAND --config …`: the service, when no command is named. */
  start(command?: string, ...args: string[]): RunningAgent;
  /** An image under the project's prefix: `web:1`. */
  image(name: string, options?: Parameters<typeof standIn>[2]): Promise<string>;
};

export interface ConfigOptions {
  /** Default: the repository behind the git server. */
  readonly repository?: string;
  readonly ref?: string;
  readonly runtime?: string;
  readonly mode?: "enforce" | "report";
  readonly credentials?: string;
  readonly socket?: string;
  /** In flow style. */
  readonly registries?: string;
}

export const passphrase = "correct horse battery staple";
export const keyText = "the key of the api service";

/** `web` publishes a port and binds a file of the checkout, `api` binds a key, `db` has a named volume. */
export function composeFile({ project, port }: Pick<Host, "project" | "port">): string {
  return `services:
  web:
    image: ${project}/web:1
    depends_on: [db]
    mem_limit: 64m
    restart: unless-stopped
    ports: ["127.0.0.1:${port}:80"]
    volumes: ["./site/index.html:/www/index.html:ro"]
  api:
    image: ${project}/sleeper:1
    restart: unless-stopped
    environment:
      GREETING: hello
    volumes: ["./keys/api.key:/run/api.key:ro"]
  db:
    image: ${project}/sleeper:1
    restart: unless-stopped
    volumes: ["data:/data"]
volumes:
  data: {}
`;
}

/** Line of the first place in a file that reads so, from 1. */
export function lineOf(text: string, words: string): number {
  return text.slice(0, text.indexOf(words)).split("\n").length;
}

/** @param verify in flow style */
export function manifest({ project }: Pick<Host, "project">, verify = "{ running: 1s, timeout: 30s }"): string {
  return `project: ${project}
compose: [compose.yaml]
keys: { bundle: keys.tar.gpg }
verify: ${verify}
`;
}

export const serve = ["/bin/sh", "-c", "trap 'exit 0' TERM; httpd -f -p 80 -h /www & wait"];

/**
 * Makes a host. The first revision is pushed: `compose.yaml`, `holdfast.yaml`, `site/index.html` and the sealed keys.
 *
 * @param name short; part of the project's name
 * @param own an Engine that the caller disposes of; by default that of the test run
 */
export async function createHost(name: string, own?: TestEngine): Promise<Host> {
  await using stack = new AsyncDisposableStack();
  const use = <T extends Removable>(made: T): T => stack.use(made);
  const engine = own ?? use(await testEngine());
  const project = await freshProject(engine, name);
  const proxy = use(await countingProxy(engine));
  const repository = use(await createRepository());
  const server = use(await gitServer({ root: repository.root, network: engine }));
  const work = use(tempFolder(name)).path;
  const runtime = use(runsOnDeno ? mountedMemoryFolder(name) : memoryFolder(name)).path;
  const folders = { state: join(work, "state"), runtime, checkout: join(work, "state/demo/checkout") };
  const files = { config: join(work, "agent.yaml"), passphrase: join(work, "passphrase") };
  const images: Removable[] = [];
  stack.defer(async () => {
    await removeProject(engine, project);
    for (const each of images) await each.dispose();
  });
  const image: Host["image"] = async (tag, options) => {
    const made = await standIn(engine, `${project}/${tag}`, options);
    images.push(made);
    return made.tag;
  };
  await image("web:1", { cmd: serve });
  await image("sleeper:1");

  const host = {
    engine,
    proxy,
    repository,
    server,
    project,
    port: await freePort(engine),
    folders,
    files,
    image,
    push: (changes: Readonly<Record<string, Change>>, message?: string) => repository.commit(changes, message),
    seal: (keys: Readonly<Record<string, string>>, secret = passphrase) => seal(keys, { work, passphrase: secret }),
    configure: (options: ConfigOptions) => writeFile(files.config, agentYaml({ ...host, url }, options)),
    holdfast: (command: string, ...args: string[]) => runHoldfast(engine, [command, "--config", files.config, ...args]),
    start: (command = "run", ...args: string[]) => startHoldfast(engine, [command, "--config", files.config, ...args]),
  };
  const url = `${server.url}/deployment.git`;
  await writeFile(files.passphrase, `${passphrase}\n`, { mode: 0o600 });
  await host.configure({});
  await host.push({
    "compose.yaml": composeFile(host),
    "holdfast.yaml": manifest(host),
    "site/index.html": "first\n",
    "keys.tar.gpg": await host.seal({ "api.key": keyText }),
  }, "first");
  const owned = stack.move();
  return removable(host, () => owned.disposeAsync());
}

async function freePort(engine: TestEngine): Promise<number> {
  const listener = await listenInEngineNetwork(engine);
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return (address as { readonly port: number }).port;
}

async function seal(
  keys: Readonly<Record<string, string>>,
  { work, passphrase }: { readonly work: string; readonly passphrase: string },
): Promise<Buffer> {
  await using gpg = gpgHome();
  const folder = join(work, "keys");
  for (const [path, text] of Object.entries(keys)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
  const sealed = await gpg.sealSymmetric(folder, passphrase);
  await rm(folder, { recursive: true });
  return sealed;
}

function agentYaml(
  { proxy, folders, files, url }: Pick<Host, "proxy" | "folders" | "files"> & { readonly url: string },
  options: ConfigOptions,
): string {
  const { repository = url, ref = "main", runtime = folders.runtime, mode = "enforce", socket = proxy.socket } =
    options;
  const { registries = "[]" } = options;
  const credentials = options.credentials ? `    credentials: ${options.credentials}\n` : "";
  return `deployments:
  - name: demo
    repository: ${repository}
    ref: ${ref}
    interval: 1s
    mode: ${mode}
    unlock: { passphraseFile: ${files.passphrase} }
${credentials}engine: { host: "unix://${socket}", registries: ${registries} }
state: ${folders.state}
runtime: ${runtime}
`;
}
