import { readFileSync } from "node:fs";
import Docker from "dockerode";
import type { EngineNetwork } from "./namespace.ts";
import { privateEngine } from "./private-engine.ts";
import { type Removable, removable } from "./removable.ts";

/** A Docker Engine for tests. Extends `EngineNetwork`: published ports answer in there only. */
export interface TestEngine extends EngineNetwork, Removable {
  /** Absolute path of its socket. */
  readonly socket: string;
  readonly docker: Docker;
}

/**
 * The Engine of this test run: the one that `npm test` started for all suites; in a test run by hand, as root, a private
 * one of its own; without root, the one that answers on DOCKER_HOST or /var/run/docker.sock. In the last case take
 * project names from `freshProject()` and remove all that the test made.
 *
 * @throws Error when there is none, saying what to install
 */
export async function testEngine(): Promise<TestEngine> {
  const shared = process.env["HOLDFAST_TEST_ENGINE"];
  if (shared !== undefined) return connectTo(JSON.parse(shared));
  if (process.getuid?.() === 0) return await privateEngine("tests");
  return await runningEngine();
}

/** What `HOLDFAST_TEST_ENGINE` holds, as JSON. */
export interface SharedEngine {
  readonly socket: string;
  readonly netns?: string;
}

function connectTo({ socket, netns }: SharedEngine): TestEngine {
  return removable({ socket, netns, docker: new Docker({ socketPath: socket }) }, () => {});
}

async function runningEngine(): Promise<TestEngine> {
  const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  if (!host.startsWith("unix://")) throw new Error(`DOCKER_HOST is "${host}"; tests need the socket of a local Engine`);
  const engine = connectTo({ socket: host.slice("unix://".length) });
  try {
    await engine.docker.ping();
  } catch (cause) {
    throw new Error(
      `No Docker Engine answers on "${host}": run the tests as root, or start one that this user may use`,
      { cause },
    );
  }
  return engine;
}

/**
 * A project name that no container, network or volume of the Engine uses yet.
 *
 * @param stem of lower-case letters, digits and dashes
 * @throws Error when something with that name exists already
 */
export async function freshProject({ docker }: TestEngine, stem: string): Promise<string> {
  const project = `${stem}-${process.pid}-${bootTicks()}`;
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  if (containers.length + networks.length + (volumes.Volumes?.length ?? 0) > 0) {
    throw new Error(`The project "${project}" exists already on this Engine; it is left alone`);
  }
  return project;
}

let calls = 0;

/** Distinct for each call in this process, and for two processes that had the same pid. */
function bootTicks(): string {
  const startedAt = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ")[19]!;
  return `${Number(startedAt).toString(36)}${(calls++).toString(36)}`;
}

/** Removes every container, network and volume of a Compose project, in whatever state they are. */
export async function removeProject({ docker }: TestEngine, project: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove({ force: true })));
}
