import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { connect, type ConnectionOptions } from "node:tls";
import type { ContainerInspectInfo } from "dockerode";
import { connectInEngineNetwork } from "../../test/support/namespace.ts";
import { until } from "../../test/support/until.ts";
import type { Finding } from "./screen.ts";
import { HOSTS, type Stage } from "./stage.ts";

const PROJECT = "menderproduction";
const TMPFS = 0x01021994; // linux/magic.h

/** The project's containers as the Engine itself tells them, by service. */
export type Scene = ReadonlyMap<string, ContainerInspectInfo>;

/** @throws Error when a service has two containers, or one has gone while it was looked at */
export async function look({ engine }: Stage): Promise<Scene> {
  const filters = { label: [`com.docker.compose.project=${PROJECT}`] };
  const listed = await engine.docker.listContainers({ all: true, filters });
  const scene = new Map<string, ContainerInspectInfo>();
  for (const { Id, Labels } of listed) {
    const service = Labels["com.docker.compose.service"]!;
    if (scene.has(service)) throw new Error(`"${service}" has two containers`);
    scene.set(service, await engine.docker.getContainer(Id).inspect());
  }
  return scene;
}

/** Waits until the host looks like it should; every wait of the demo has this limit. */
export async function waitFor(stage: Stage, what: string, sees: (scene: Scene) => boolean): Promise<Scene> {
  return await until(what, async () => {
    const scene = await look(stage);
    return sees(scene) && scene;
  }, 60_000);
}

/**
 * Waits until the agent has asked the git server three times more and no pass goes on: whatever pass it was in when this
 * began has ended, and a whole one has followed. A pass that verifies asks the git server, too.
 */
export async function waitForQuiet({ server, files }: Stage): Promise<void> {
  const polls = () => server.count("info/refs") + server.count("ls-refs");
  const idle = () => until("the agent's pass to end", () => !isInPass(files), 60_000);
  await idle();
  const before = polls();
  await until("the agent to ask for new commits", () => polls() >= before + 3, 60_000);
  await idle();
}

/** A quiet pass ends before anybody can ask for it. */
function isInPass({ binary, config }: Stage["files"]): boolean {
  const answer = execFileSync(binary, ["status", "--format", "json", "--config", config], { encoding: "utf8" });
  return JSON.parse(answer).deployments.some(({ running }: { running?: unknown }) => running !== undefined);
}

/** Waits until the agent has fetched what was pushed, and has had a whole pass to think about it. */
export async function waitForFetch(stage: Stage, push: () => Promise<unknown>): Promise<void> {
  const fetched = stage.server.count("fetch");
  await push();
  await until("the agent to fetch the commit", () => stage.server.count("fetch") > fetched, 60_000);
  await waitForQuiet(stage);
}

export function running(scene: Scene, service: string): boolean {
  return scene.get(service)?.State.Status === "running";
}

export function environmentOf(scene: Scene, service: string, name: string): string | undefined {
  const entry = scene.get(service)?.Config.Env.find((each) => each.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

/** Services whose container is another one, or was started again. */
export function touched(before: Scene, after: Scene): string[] {
  const services = [...new Set([...before.keys(), ...after.keys()])].sort();
  return services.filter((service) => identity(before, service) !== identity(after, service));
}

function identity(scene: Scene, service: string): string {
  const container = scene.get(service);
  return container ? `${container.Id} ${container.State.StartedAt}` : "absent";
}

/** Exactly these services were touched. */
export function onlyTouched(before: Scene, after: Scene, services: readonly string[]): Finding {
  const found = touched(before, after);
  return found.join() === [...services].sort().join() ? undefined : `touched: ${found.join(", ") || "none"}`;
}

/** As many services as there should be run, and none was started twice: their dependencies came first. */
export function allRun(scene: Scene, count = 12): Finding {
  const broken = [...scene].filter(([, { State, RestartCount }]) => State.Status !== "running" || RestartCount > 0);
  if (scene.size !== count) return `there are ${scene.size}: ${[...scene.keys()].sort().join(", ")}`;
  if (broken.length === 0) return undefined;
  return broken.map(([service, { State, RestartCount }]) => `${service}: ${State.Status}, ${RestartCount} restarts`)
    .join("; ");
}

const PORTS = { api: 443, storage: 9000 };

/** Connects as a device does: it asks for the host's name and trusts the certificates of server.crt, nothing else. */
export async function servesTo(stage: Stage, endpoint: "api" | "storage", trusted: Buffer): Promise<Finding> {
  const ca = trusted.toString().split(/(?<=-----END CERTIFICATE-----\n)/);
  return await handshake(stage, endpoint, { ca }).then(() => undefined, (error) => error.message);
}

/** SHA-256 fingerprint of the certificate that the gateway shows, whoever signed it. */
export async function gatewayFingerprint(stage: Stage): Promise<string> {
  return fingerprint(await handshake(stage, "api", { rejectUnauthorized: false }));
}

export function fingerprint(certificate: Buffer): string {
  return new X509Certificate(certificate).fingerprint256;
}

/** Asks the gateway for a TLS connection again and again until it is told to stop. */
export function knock(stage: Stage): { stop(): Promise<Finding> } {
  let stopped = false;
  const counting = (async () => {
    let [asked, refused] = [0, 0];
    while (!stopped) {
      asked++;
      await handshake(stage, "api", { rejectUnauthorized: false }).catch(() => refused++);
    }
    return { asked, refused };
  })();
  return {
    async stop() {
      stopped = true;
      const { asked, refused } = await counting;
      return refused > 0 ? `${refused} of ${asked} connections failed` : undefined;
    },
  };
}

/** @returns the server's certificate, as DER */
async function handshake({ engine }: Stage, endpoint: "api" | "storage", trust: ConnectionOptions): Promise<Buffer> {
  const socket = await connectInEngineNetwork(engine, { host: "127.0.0.1", port: PORTS[endpoint] });
  try {
    const tls = connect({ socket, servername: HOSTS[endpoint], ...trust });
    await once(tls, "secureConnect", { signal: AbortSignal.timeout(5000) });
    return tls.getPeerX509Certificate()!.raw;
  } finally {
    socket.destroy();
  }
}

/** The four volumes of the guide, and no other with a name. */
export async function volumes({ engine }: Stage): Promise<string[]> {
  const { Volumes } = await engine.docker.listVolumes();
  return Volumes.map(({ Name }) => Name).filter((name) => !/^[0-9a-f]{64}$/.test(name)).sort();
}

/** Every bind source that is a key lies on tmpfs. */
export function keysOnTmpfs(scene: Scene): Finding {
  const binds = [...scene.values()].flatMap(({ Mounts }) => Mounts).filter(({ Source }) => /\.(crt|key)$/.test(Source));
  const onDisk = binds.filter(({ Source }) => statfsSync(Source).type !== TMPFS).map(({ Source }) => Source);
  if (binds.length === 0) return "no container has a key";
  return onDisk.length === 0 ? undefined : `on disk: ${onDisk.join(", ")}`;
}

/**
 * Looks for the bytes of every private key, and for passphrases, in what the agent wrote, in its state folder and in
 * all that the Engine tells.
 */
export async function secretsStayed(
  stage: Stage,
  passphrases: readonly string[],
  journal: readonly string[],
): Promise<Finding> {
  const keys = filesBelow(stage.folders.keys).filter((file) => file.endsWith(".key")).map((file) =>
    readFileSync(file, "utf8")
  );
  const secrets = [...passphrases, ...keys.map((pem) => pem.split("\n")[1]!)];
  const told = JSON.stringify([...await look(stage)]);
  const places = [
    ...filesBelow(stage.folders.state).map((file) => ({ name: file, text: readFileSync(file, "latin1") })),
    { name: "the journal", text: journal.join("\n") },
    { name: "docker inspect", text: told },
  ];
  const opened = filesBelow(stage.folders.runtime).map((file) => readFileSync(file, "latin1")).join("\n");
  if (!secrets.some((secret) => opened.includes(secret))) return "the search does not even find the keys on tmpfs";
  const leaks = places.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ name }) => name);
  return leaks.length === 0 ? undefined : `found in ${leaks.join(", ")}`;
}

/** Regular files, without following a link: the one in the checkout leads to the keys on tmpfs, where they belong. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
