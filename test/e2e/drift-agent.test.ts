import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import { findCompose } from "../support/compose-program.ts";
import { standIn } from "../support/images.ts";
import { until } from "../support/until.ts";
import { composeUp } from "./compose-oracle.ts";
import { composeFile, createHost, lineOf, serve } from "./host.ts";
import { allRun, assertConverged, look, recreated, type Scene, served, statusOf, touched } from "./judge.ts";
import type { RunningAgent } from "./program.ts";

const host = await createHost("watch");
const { docker } = host.engine;
const network = `${host.project}_default`;
const volume = `${host.project}_data`;
const compose = `${composeFile(host)}networks:
  default:
    driver_opts: { com.docker.network.driver.mtu: "1400" }
`;
let agent: RunningAgent;

before(async () => {
  await host.push({ "compose.yaml": compose });
  agent = host.start();
  await agent.line(/converged at/);
  await morePasses(2); // its own events are over
});
after(async () => {
  await agent[Symbol.asyncDispose]();
  await host.dispose();
});

interface Drift {
  readonly name: string;
  /** What somebody does on the host. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** What the journal says of it: each line once, and no other. */
  readonly told: readonly RegExp[];
  /** Services whose container is started anew or replaced; the others keep theirs running. */
  readonly touched: readonly string[];
  readonly recreated: readonly string[];
  /** What must be so again. */
  readonly mended?: (scene: Scene) => Promise<unknown>;
}

const container = (scene: Scene, service: string) => docker.getContainer(scene.get(service)!.Id);
const place = (words: string) => `\\(compose\\.yaml:${lineOf(compose, words)}\\)`;

const drifts: readonly Drift[] = [
  {
    name: "a container that was paused",
    act: (scene) => container(scene, "api").pause(),
    told: [/! service\/api +drifted +paused on the host$/],
    touched: [],
    recreated: [],
  },
  {
    name: "a container that was killed",
    act: (scene) => container(scene, "api").kill(),
    told: [/! service\/api +drifted +stopped on the host at [\d:]{8} \(exit 137\)$/],
    touched: ["api"],
    recreated: [],
  },
  {
    name: "a container that was stopped",
    act: (scene) => container(scene, "db").stop(),
    told: [/! service\/db +drifted +stopped on the host at [\d:]{8} \(exit 0\)$/],
    touched: ["db"],
    recreated: [],
  },
  {
    name: "a container made by hand with another environment",
    act: (scene) => byHand(scene, "api", ({ Config }) => ({ Env: ["GREETING=bye", "EXTRA=1", ...pathOf(Config)] })),
    told: [
      new RegExp(
        `! service/api +drifted +environment GREETING "bye" on the host, "hello" in git ${place("GREETING")}$`,
      ),
    ],
    touched: ["api"],
    recreated: ["api"],
    // What git does not name is no drift of its own here: nobody knows what the container was made with.
    mended: async (scene) => assert.ok(scene.get("api")!.Config.Env.includes("GREETING=hello")),
  },
  {
    name: "a container made by hand with another command",
    act: (scene) => byHand(scene, "api", () => ({ Cmd: ["/bin/sleep", "3600"] })),
    told: [/! service\/api +drifted +command "\/bin\/sleep 3600" on the host, "\/bin\/sh -c .*" in git /],
    touched: ["api"],
    recreated: ["api"],
  },
  {
    name: "a container made by hand with other mounts",
    act: (scene) =>
      byHand(
        scene,
        "db",
        ({ HostConfig }) => ({ HostConfig: { ...HostConfig, Binds: ["/tmp:/host:ro"], Mounts: [] } }),
      ),
    told: [
      new RegExp(`! service/db +drifted +mount /data none on the host, "volume ${volume}" in git ${place('["data:')}$`),
      /! service\/db +drifted +mount \/host "bind \/tmp read-only" on the host, none in git$/,
    ],
    touched: ["db"],
    recreated: ["db"],
    mended: async (scene) => assert.deepEqual(scene.get("db")!.Mounts.map(({ Destination }) => Destination), ["/data"]),
  },
  {
    name: "a container made by hand with another port",
    act: (scene) =>
      byHand(scene, "web", ({ HostConfig }) => ({
        HostConfig: { ...HostConfig, PortBindings: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: String(host.port) }] } },
      })),
    told: [
      new RegExp(
        `! service/web +drifted +published ports "${host.port}:80/tcp" on the host, "127\\.0\\.0\\.1:${host.port}:80/tcp" in git ${
          place("ports")
        }$`,
      ),
    ],
    touched: ["web"],
    recreated: ["web"],
    mended: async () => assert.equal(await served(host), "first\n"),
  },
  {
    name: "a container that was renamed",
    act: (scene) => container(scene, "web").rename({ name: `${host.project}-mine` }),
    told: [
      new RegExp(`! service/web +drifted +name "${host.project}-mine" on the host, "${host.project}-web-1" in git$`),
    ],
    touched: [],
    recreated: [],
  },
  {
    name: "a container that was taken off its network",
    act: (scene) => docker.getNetwork(network).disconnect({ Container: scene.get("web")!.Id }),
    told: [/! service\/web +drifted +network default none on the host, "connected as \S+-web-1, web" in git /],
    touched: [],
    recreated: [],
    mended: async () => assert.equal(await served(host), "first\n"),
  },
  {
    name: "another restart policy and memory limit",
    act: (scene) =>
      container(scene, "web").update({ RestartPolicy: { Name: "no" }, Memory: 128 << 20, MemorySwap: 256 << 20 }),
    told: [
      new RegExp(
        `! service/web +drifted +memory limit 134217728 \\(128 MiB\\) on the host, 67108864 \\(64 MiB\\) in git ${
          place("mem_limit")
        }$`,
      ),
      new RegExp(
        `! service/web +drifted +restart policy "no" on the host, "unless-stopped" in git ${place("restart:")}$`,
      ),
    ],
    touched: [],
    recreated: [],
    mended: async (scene) => {
      const { Memory, RestartPolicy } = scene.get("web")!.HostConfig;
      assert.deepEqual([Memory, RestartPolicy?.Name], [64 << 20, "unless-stopped"]);
    },
  },
  {
    name: "a network made by hand with other options",
    act: networkByHand,
    told: [
      new RegExp(
        `! network/default +drifted +driver option \\S+mtu 1300 on the host, 1400 in git ${place("driver.mtu")}$`,
      ),
      /! network\/default +drifted +internal true on the host, false in git/,
      ...["api", "db", "web"].map((service) =>
        new RegExp(`! service/${service} +drifted +network default is replaced by a new one$`)
      ),
    ],
    touched: [],
    recreated: [],
    mended: async () => {
      const { Internal, Options } = await docker.getNetwork(network).inspect();
      assert.deepEqual([Internal, Options?.["com.docker.network.driver.mtu"]], [false, "1400"]);
      assert.equal(await served(host), "first\n");
    },
  },
  {
    name: "an image tag that moved",
    act: () => standIn(host.engine, `${host.project}/web:1`, { cmd: serve, labels: { moved: "yes" } }),
    told: [
      new RegExp(
        `! service/web +drifted +image [0-9a-f]{12} on the host, "${host.project}/web:1 \\([0-9a-f]{12}\\)" in git ${
          place("image")
        }$`,
      ),
    ],
    touched: ["web"],
    recreated: ["web"],
    mended: async (scene) =>
      assert.equal(scene.get("web")!.Image, (await docker.getImage(`${host.project}/web:1`).inspect()).Id),
  },
  {
    name: "a bound file that was edited in the checkout",
    act: () => writeFile(join(host.folders.checkout, "site/index.html"), "defaced\n"),
    told: [
      /! file\/site\/index\.html +drifted +content edited on the host$/,
      new RegExp(`! service/web +drifted +file site/index\\.html edited on the host ${place("volumes:")}$`),
    ],
    touched: ["web"],
    recreated: ["web"],
    mended: async () => assert.equal(await served(host), "first\n"),
  },
  {
    name: "a tracked file that no container reads, edited in the checkout",
    act: () => writeFile(join(host.folders.checkout, "compose.yaml"), "services: {}\n"),
    told: [/! file\/compose\.yaml +drifted +content edited on the host$/],
    touched: [],
    recreated: [],
  },
  {
    name: "a container with our labels that no revision names",
    act: async (scene) => {
      const { Config, Image } = scene.get("db")!;
      const Labels = { ...Config.Labels, "com.docker.compose.service": "extra" };
      const extra = await docker.createContainer({ name: `${host.project}-extra-1`, Image, Labels });
      await extra.start();
    },
    told: [new RegExp(`- container/${host.project}-extra-1 +orphaned +remove$`)],
    touched: [],
    recreated: [],
  },
];

for (const drift of drifts) {
  test(`${drift.name}: the service tells it once, with both values, and corrects that alone`, async () => {
    const first = await look(host);
    const from = agent.journal.length;
    await agent.unseen(() => drift.act(first));
    await agent.line(/converged at/, from);
    await morePasses(2);
    const journal = agent.journal.slice(from);
    assert.deepEqual(
      unmatched(journal.filter((line) => /^demo {4}[+~!?-] /.test(line)), drift.told),
      none,
      journal.join("\n"),
    );
    const mended = await look(host);
    assert.deepEqual(statusOf(mended), allRun);
    assert.deepEqual([touched(first, mended), recreated(first, mended)], [drift.touched, drift.recreated]);
    await drift.mended?.(mended);
    await assertConverged(host);
  });
}

const program = findCompose();
if (program) {
  test("docker compose up -d finds nothing to do after all of that", async () => {
    const first = await look(host);
    await composeUp(program, host);
    assert.deepEqual(touched(first, await look(host)), []);
  });
}

test("a volume made by hand with other options keeps its data, and is told once over many passes", async () => {
  const first = await look(host);
  const from = agent.journal.length;
  await agent.unseen(async () => {
    const { Labels, Name } = await docker.getVolume(volume).inspect();
    await container(first, "db").remove({ force: true });
    await docker.getVolume(volume).remove();
    await docker.createVolume({ Name, Labels, DriverOpts: { type: "tmpfs", device: "tmpfs", o: "size=1m" } });
  });
  await until("db to run again", async () => (await look(host)).get("db")?.State.Running);
  await morePasses(5);
  const told = agent.journal.slice(from).filter((line) => line.includes("volume/data"));
  assert.equal(told.length, 1, agent.journal.slice(from).join("\n"));
  assert.match(
    told[0]!,
    /\? volume\/data {2}left alone .*driver option o "size=1m" on the host, none in git/,
  );
  const { Options } = await docker.getVolume(volume).inspect();
  assert.deepEqual(Options, { type: "tmpfs", device: "tmpfs", o: "size=1m" });
  assert.deepEqual(touched(first, await look(host)), ["db"]);
});

test("a container of the project that holdfast did not make is told once over many passes, and left alone", async () => {
  const first = await look(host);
  const from = agent.journal.length;
  const { Config: { Labels }, Image } = first.get("db")!;
  const { "com.docker.compose.project": project } = Labels as Record<string, string>;
  const made = await docker.createContainer({
    name: `${host.project}-guest-1`,
    Image,
    Labels: { "com.docker.compose.project": project!, "com.docker.compose.service": "guest" },
  });
  await made.start();
  await agent.line(/\? container\/\S+-guest-1 {2}left alone/, from);
  await morePasses(5);
  const told = agent.journal.slice(from).filter((line) => line.includes("-guest-1"));
  assert.equal(told.length, 2, told.join("\n")); // and its hint
  assert.deepEqual(touched(first, await look(host)), ["guest"]);
});

/** Waits until the agent has asked the git server, which each pass begins with, so many times more. */
async function morePasses(count: number): Promise<void> {
  const asked = host.server.count("ls-refs");
  await until("the agent to ask for new commits", () => host.server.count("ls-refs") >= asked + count);
}

/** The image's own variables. */
function pathOf({ Env }: ContainerInspectInfo["Config"]): string[] {
  return Env.filter((each) => each.startsWith("PATH="));
}

/** Puts another container in a service's place, as somebody does who copies a `docker run`: same name, same labels. */
async function byHand(
  scene: Scene,
  service: string,
  change: (inspected: ContainerInspectInfo) => ContainerCreateOptions,
): Promise<void> {
  const inspected = scene.get(service)!;
  const { Config, HostConfig, Name } = inspected;
  await container(scene, service).remove({ force: true });
  const made = await docker.createContainer({
    ...Config,
    HostConfig,
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [service, `${host.project}-${service}-1`] } } },
    name: Name.slice(1),
    ...change(inspected),
  });
  await made.start();
}

/** The same network with the same labels and members, and other options. */
async function networkByHand(scene: Scene): Promise<void> {
  const { Labels } = await docker.getNetwork(network).inspect();
  for (const { Id } of scene.values()) await docker.getNetwork(network).disconnect({ Container: Id, Force: true });
  await docker.getNetwork(network).remove();
  await docker.createNetwork({
    Name: network,
    Labels,
    Internal: true,
    Options: { "com.docker.network.driver.mtu": "1300" },
  });
  for (const [service, { Id }] of scene) {
    const EndpointConfig = { Aliases: [service, `${host.project}-${service}-1`] };
    await docker.getNetwork(network).connect({ Container: Id, EndpointConfig });
  }
}

const none = { lines: [], patterns: [] };

/** Lines that no pattern names, and patterns without a line of their own. */
function unmatched(lines: readonly string[], patterns: readonly RegExp[]) {
  const left = [...lines];
  const missing = patterns.filter((pattern) => {
    const index = left.findIndex((line) => pattern.test(line));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return { lines: left, patterns: missing };
}
