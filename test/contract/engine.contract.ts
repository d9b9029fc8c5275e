import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ContainerSpec, NetworkAttachment, NetworkSpec } from "../../src/model/container.ts";
import { canonicalJson } from "../../src/model/digest.ts";
import {
  defaultIpc,
  defaultRuntime,
  defaultShmSizeBytes,
  effectiveCommand,
  impliedSecurityOptions,
} from "../../src/model/engine-defaults.ts";
import { HoldfastError } from "../../src/model/error.ts";
import { composeLabel } from "../../src/model/labels.ts";
import type { ImageDefaults, ObservedContainer, ObservedState } from "../../src/model/observed.ts";
import type { Engine, ObserveScope } from "../../src/ports/engine.ts";
import { minimalSpec } from "../support/container-spec.ts";
import { fullSpec } from "./container-specs.ts";
import { until } from "../support/until.ts";

/** One Engine with what the promises need on it. */
export interface EngineUnderTest {
  readonly engine: Engine;
  readonly host: SomebodyElse;
  /** Nothing on the Engine carries it yet. */
  readonly project: string;
  readonly images: {
    /** Sleeps until it is stopped; has an environment, a label, a volume, a port, a user and a health check that passes. */
    readonly service: string;
    /** Prints "cannot go on" and exits with 3. */
    readonly failing: string;
  };
  /** An existing folder on the Engine's host that the test may write to. */
  readonly folder: string;
  /** A subnet that nobody uses, as `10.1.2`. */
  readonly subnet: string;
  /** A port of the Engine's host that nobody uses. */
  readonly port: number;
  /** Removes everything of the project. */
  dispose(): Promise<void>;
}

/** Changes the host past the port, as an operator with a shell does. */
export interface SomebodyElse {
  exit(id: string): Promise<void>;
  pause(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  setMemory(id: string, bytes: number): Promise<void>;
  /** Target → name. */
  anonymousVolumes(id: string): Promise<Readonly<Record<string, string>>>;
  hasVolume(name: string): Promise<boolean>;
  /** A running container outside every project. @returns its id */
  run(name: string, image: string, port: number): Promise<string>;
}

/** What every implementation of the Engine port promises. */
export function engineContract(name: string, make: () => Promise<EngineUnderTest>): void {
  let made: EngineUnderTest;
  let count = 0;
  before(async () => void (made = await make()));
  after(() => made?.dispose());

  const never = new AbortController().signal;
  const promise = (text: string, check: (world: World) => Promise<void>) =>
    test(`${name}: ${text}`, () => check(new World(made, `${++count}`)));

  promise("observe() gives back every field that a container was created with, twice the same", async (world) => {
    const spec = world.spec("full", await world.full());
    const id = await world.create("full", spec);
    const first = await world.container("full");
    const image = await world.imageDefaults();
    for (const [field, value] of Object.entries(readable(spec, image))) {
      assert.deepEqual(
        plain({ [field]: readable(first.spec, image)[field as keyof ContainerSpec] }),
        plain({ [field]: value }),
      );
    }
    assert.equal(canonicalJson(await world.container("full")), canonicalJson(first));
    await world.engine.startContainer(id, never);
    const running = await world.container("full");
    assert.deepEqual(
      plain({ ...running.spec, macAddress: 0, networks: 0 }),
      plain({ ...first.spec, macAddress: 0, networks: 0 }),
    );
    assert.deepEqual(running.spec.networks.map(withoutMac), first.spec.networks.map(withoutMac));
  });

  promise("observe() gives back what only newer Engines know, where this one does", async (world) => {
    const { apiVersion } = (await world.observe()).engine;
    const since = (minor: number) => Number(apiVersion.split(".")[1]) >= minor;
    const network = { ...await world.network("newer"), ...(since(48) ? { gatewayPriority: 7 } : {}) };
    const healthcheck = {
      test: ["CMD", "true"],
      intervalMs: 1000,
      retries: 2,
      ...(since(44) ? { startIntervalMs: 500 } : {}),
    };
    const annotations = since(43) ? { "org.example.note": "kept" } : undefined;
    await world.create("newer", { macAddress: "02:00:00:00:00:77", annotations, healthcheck, networks: [network] });
    const { spec } = await world.container("newer");
    assert.deepEqual(
      plain([spec.macAddress, spec.annotations, spec.healthcheck, spec.networks[0]!.gatewayPriority]),
      plain(["02:00:00:00:00:77", annotations, healthcheck, network.gatewayPriority]),
    );
  });

  promise("observe() shows the defaults of image and Engine where nothing was asked for", async (world) => {
    const id = await world.create(
      "plain",
      minimalSpec(made.images.service, { networks: [await world.network("plain")] }),
    );
    const { spec, imageId, labels } = await world.container("plain");
    const image = await world.imageDefaults();
    assert.deepEqual(
      plain({ ...spec, cgroup: undefined, networks: [] }),
      plain({
        ...minimalSpec(made.images.service),
        ...effectiveCommand({}, image),
        entrypoint: undefined,
        environment: image.environment,
        labels: image.labels,
        user: image.user,
        workingDir: image.workingDir || undefined,
        stopSignal: image.stopSignal || undefined,
        hostname: id.slice(0, 12),
        healthcheck: image.healthcheck,
        exposedPorts: image.exposedPorts,
        mounts: image.volumes.map((target) => ({ type: "volume", source: "", target, readOnly: false })),
        tty: false,
        stdinOpen: false,
        logging: { driver: "json-file", options: {} },
        privileged: false,
        readOnly: false,
        shmSizeBytes: defaultShmSizeBytes,
        ipc: defaultIpc,
        runtime: defaultRuntime,
        oomKillDisable: false,
      }),
    );
    assert.match(spec.cgroup ?? "", /^(host|private)$/);
    assert.match(imageId, /^sha256:[0-9a-f]{64}$/);
    assert.equal(labels[composeLabel.project], made.project);
    assert.deepEqual(spec.networks.map(({ key, aliases }) => [key, aliases]), [["plain", ["plain"]]]);
  });

  promise("a container is created, started, stopped, restarted and removed", async (world) => {
    const id = await world.create("web");
    assert.equal((await world.container("web")).state.status, "created");
    assert.equal(await world.engine.startContainer(id, never), true);
    assert.equal(await world.engine.startContainer(id, never), false);
    const { state } = await world.container("web");
    assert.deepEqual([state.status, state.exitCode, state.restartCount], ["running", 0, 0]);
    assert.equal(await world.engine.stopContainer(id, 5, never), true);
    assert.equal(await world.engine.stopContainer(id, 5, never), false);
    assert.equal((await world.container("web")).state.status, "exited");
    await world.engine.restartContainer(id, 1, never);
    assert.equal((await world.engine.inspectState(id, never)).status, "running");
    await assert.rejects(world.engine.removeContainer(id, never), isError("ENGINE_CALL", /running|stop/i));
    await world.engine.stopContainer(id, undefined, never);
    await world.engine.removeContainer(id, never);
    assert.deepEqual((await world.observe()).containers.filter((c) => c.id === id), []);
    await assert.rejects(world.engine.startContainer(id, never), isError("ENGINE_GONE", /No such container/));
  });

  promise("a paused container is seen as such, and unpaused", async (world) => {
    const id = await world.run("paused");
    await made.host.pause(id);
    assert.equal((await world.container("paused")).state.status, "paused");
    await world.engine.unpauseContainer(id, never);
    assert.equal((await world.container("paused")).state.status, "running");
  });

  promise("limits and restart policy change on a live container", async (world) => {
    const id = await world.run("limited", { resources: { memoryBytes: 64 << 20 } });
    const change = {
      resources: { memoryBytes: 32 << 20, cpus: 0.25, pidsLimit: 40 },
      restart: { name: "always" },
    } as const;
    await world.engine.updateContainer(id, change, never);
    const { spec } = await world.container("limited");
    assert.deepEqual(plain(spec.resources), {
      memoryBytes: 32 << 20,
      memorySwapBytes: 64 << 20,
      cpus: 0.25,
      pidsLimit: 40,
    });
    assert.deepEqual(spec.restart, { name: "always" });
  });

  promise("a container is renamed, but not to a name that is taken", async (world) => {
    const id = await world.create("before");
    await world.create("holder");
    await world.engine.renameContainer(id, world.name("after"), never);
    assert.equal((await world.container("after")).id, id);
    await assert.rejects(
      world.engine.renameContainer(id, world.name("holder"), never),
      isError("ENGINE_CALL", /holder/),
    );
  });

  promise("a create with a taken name is refused with the name", async (world) => {
    await world.create("taken");
    await assert.rejects(world.create("taken"), isError("ENGINE_CALL", /taken/));
  });

  promise("a start with a taken port is refused with the port", async (world) => {
    const ports = [{ target: 80, protocol: "tcp", hostIp: "127.0.0.1", published: String(made.port) }];
    const first = await world.run("first", {
      ports,
      exposedPorts: ["80/tcp"],
      networks: [await world.network("ports")],
    });
    const second = await world.create("second", {
      ports,
      exposedPorts: ["80/tcp"],
      networks: [await world.network("ports")],
    });
    await assert.rejects(
      world.engine.startContainer(second, never),
      isError("PORT_TAKEN", new RegExp(`\\b${made.port}\\b`)),
    );
    assert.notEqual((await world.container("second")).state.status, "running");
    await world.engine.stopContainer(first, 0, never);
    assert.equal(await world.engine.startContainer(second, never), true);
  });

  promise("a missing bind source is refused with its path, and not made", async (world) => {
    const source = `${made.folder}/nobody-made-this`;
    const mounts = [{ type: "bind", source, target: "/data", readOnly: true, createHostPath: false }] as const;
    await assert.rejects(world.create("bound", { mounts }), isError("ENGINE_CALL", /nobody-made-this/));
  });

  promise("an image that is nowhere cannot be pulled, nor used", async (world) => {
    const image = "127.0.0.1:1/nobody/has-this:1";
    await assert.rejects(world.engine.pullImage(image, {}, never), isError("IMAGE_PULL", /nobody\/has-this:1/));
    await assert.rejects(world.create("imageless", { image }), isError("IMAGE_MISSING", /No such image/));
    assert.equal((await world.observe({ images: [image] })).images.has(image), false);
  });

  promise("a process that ends at once leaves its exit code and its last words", async (world) => {
    const id = await world.run("failing", { image: made.images.failing });
    const state = await until("the process to end", async () => {
      const seen = await world.engine.inspectState(id, never);
      return seen.status === "exited" && seen;
    });
    assert.equal(state.exitCode, 3);
    assert.deepEqual(await world.engine.tailLog(id, 5, never), ["cannot go on"]);
  });

  promise("a health check goes from starting to healthy, and ends with its container", async (world) => {
    const id = await world.run("checked");
    assert.equal((await world.engine.inspectState(id, never)).health, "starting");
    await until(
      "the health check to pass",
      async () => (await world.engine.inspectState(id, never)).health === "healthy",
    );
    assert.equal((await world.container("checked")).state.health, "healthy");
    await made.host.exit(id);
    assert.equal((await world.container("checked")).state.health, "none");
    assert.equal((await world.engine.inspectState(id, never)).health, "none");
  });

  promise("a network is created once, connected, disconnected and removed when nobody uses it", async (world) => {
    const spec = networkSpec(world.name("own"), { internal: true, labels: { "org.example.a": "b" } });
    const labels = world.labels({ [composeLabel.network]: "own" });
    const network = await world.engine.createNetwork(spec, labels, never);
    await assert.rejects(world.engine.createNetwork(spec, labels, never), isError("ENGINE_CALL", /already exists/));
    const seen = (await world.observe()).networks.find(({ id }) => id === network)!;
    assert.deepEqual([seen.spec.internal, seen.spec.driver, seen.spec.labels], [true, "bridge", {
      "org.example.a": "b",
    }]);
    const id = await world.run("member", { networks: [await world.network("members")] });
    const attachment: NetworkAttachment = {
      key: "own",
      name: spec.name,
      aliases: ["friend"],
      linkLocalIps: [],
      driverOptions: {},
    };
    await world.engine.connectNetwork(spec.name, id, attachment, never);
    const connected = await world.observe();
    assert.deepEqual(connected.networks.find((n) => n.id === network)!.members.map((m) => [m.id, m.isUp]), [[
      id,
      true,
    ]]);
    const attachments = find(connected, id).spec.networks;
    assert.deepEqual(attachments.map(({ key, aliases }) => [key, aliases]).sort(), [["members", ["member"]], ["own", [
      "friend",
    ]]]);
    await assert.rejects(world.engine.removeNetwork(network, never), isError("ENGINE_CALL", /active endpoints/));
    await world.engine.disconnectNetwork(spec.name, id, never);
    assert.deepEqual(find(await world.observe(), id).spec.networks.map(({ key }) => key), ["members"]);
    await world.engine.removeNetwork(network, never);
    assert.deepEqual((await world.observe()).networks.filter((n) => n.id === network), []);
    await assert.rejects(
      world.engine.removeNetwork(network, never),
      isError("ENGINE_GONE", /not found|No such network/i),
    );
  });

  promise("a network knows its members in every state, and a stopped one can be connected otherwise", async (world) => {
    const attachment = await world.network("known");
    const id = await world.create("member", { networks: [attachment] });
    const isUp = async () => {
      const { networks } = await world.observe();
      return networks.find(({ name }) => name === attachment.name)!.members.map((member) => [member.id, member.isUp]);
    };
    assert.deepEqual(await isUp(), [[id, false]]); // it never ran
    await world.engine.startContainer(id, never);
    assert.deepEqual(await isUp(), [[id, true]]);
    await world.engine.stopContainer(id, 0, never);
    assert.deepEqual(await isUp(), [[id, false]]);
    await world.engine.disconnectNetwork(attachment.name, id, never);
    assert.deepEqual(await isUp(), []);
    await world.engine.connectNetwork(attachment.name, id, { ...attachment, aliases: ["member", "other"] }, never);
    assert.equal(await world.engine.startContainer(id, never), true);
    assert.deepEqual((await world.container("member")).spec.networks.map(({ aliases }) => aliases), [[
      "member",
      "other",
    ]]);
  });

  promise(
    "a stopped container whose network was made anew is not connected until it is connected again",
    async (world) => {
      const attachment = await world.network("renewed");
      const id = await world.create("stale", { networks: [attachment] });
      await world.engine.startContainer(id, never);
      await world.engine.stopContainer(id, 0, never);
      const { networks } = await world.observe();
      await world.engine.removeNetwork(networks.find(({ name }) => name === attachment.name)!.id, never);
      await world.network("renewed");
      assert.deepEqual((await world.container("stale")).spec.networks, []);
      await assert.rejects(world.engine.startContainer(id, never), isError("ENGINE_GONE", /network .* not found/));
      await world.engine.connectNetwork(attachment.name, id, attachment, never);
      assert.equal(await world.engine.startContainer(id, never), true);
      assert.deepEqual((await world.container("stale")).spec.networks.map(({ key }) => key), ["renewed"]);
    },
  );

  promise("a volume is created with its labels; creating it again leaves it as it is", async (world) => {
    const spec = { name: world.name("data"), driverOptions: {}, labels: { "org.example.a": "b" } };
    await world.engine.createVolume(spec, world.labels({ [composeLabel.volume]: "data" }), never);
    await world.engine.createVolume({ ...spec, labels: {} }, {}, never);
    const volume = (await world.observe()).volumes.find(({ name }) => name === spec.name)!;
    assert.deepEqual(volume.spec, { ...spec, driver: "local" });
    assert.equal(volume.labels[composeLabel.volume], "data");
  });

  promise("a label can get the id of the image, which was pulled since the labels were made", async (world) => {
    const options = { labels: world.labels({ [composeLabel.service]: "late" }), imageIdLabel: composeLabel.image };
    await world.engine.createContainer(world.name("late"), world.spec("late"), options, never);
    const { labels, imageId } = await world.container("late");
    assert.equal(labels[composeLabel.image], imageId);
  });

  promise(
    "anonymous volumes go from predecessor to successor; without one they go with their container",
    async (world) => {
      const mounts = [{ type: "volume", source: "", target: "/kept", readOnly: false }] as const;
      const old = await world.run("keeper", { mounts });
      const before = await made.host.anonymousVolumes(old);
      assert.ok(before["/kept"] && before["/data"], "one of the service, one of the image");
      await world.engine.renameContainer(old, world.name("keeper-old"), never);
      const spec = world.spec("keeper", { mounts });
      const options = { labels: world.labels({ [composeLabel.service]: "keeper" }), volumesOf: old };
      const next = await world.engine.createContainer(world.name("keeper"), spec, options, never);
      assert.deepEqual(await made.host.anonymousVolumes(next), before);
      await world.engine.stopContainer(old, 0, never);
      await world.engine.removeContainer(old, never);
      assert.deepEqual(await Promise.all(Object.values(before).map((v) => made.host.hasVolume(v))), [true, true]);
      assert.deepEqual((await world.container("keeper")).spec.mounts.map(({ target, source }) => [target, source]), [[
        "/data",
        "",
      ], ["/kept", ""]]);
      const alone = await world.create("alone", { mounts });
      const own = Object.values(await made.host.anonymousVolumes(alone));
      await world.engine.removeContainer(alone, never);
      assert.deepEqual(await Promise.all(own.map((v) => made.host.hasVolume(v))), [false, false]);
    },
  );

  promise("a watch tells of what somebody else changed, and observe() sees it", async (world) => {
    const id = await world.run("watched", { resources: { memoryBytes: 64 << 20 } });
    await using watch = await world.watch();
    assert.equal((await world.container("watched")).spec.resources.memoryBytes, 64 << 20);
    await watch.tells("an update", () => made.host.setMemory(id, 48 << 20));
    assert.equal((await world.container("watched")).spec.resources.memoryBytes, 48 << 20);
    await watch.tells("an exit", () => made.host.exit(id));
    assert.equal((await world.container("watched")).state.status, "exited");
    await watch.tells("a removal", () => made.host.remove(id));
    assert.deepEqual((await world.observe()).containers.filter((c) => c.id === id), []);
  });

  promise("observe() sees what somebody else changed without a watch, too", async (world) => {
    const id = await world.run("unwatched", { resources: { memoryBytes: 64 << 20 } });
    await world.container("unwatched");
    await made.host.setMemory(id, 48 << 20);
    assert.equal((await world.container("unwatched")).spec.resources.memoryBytes, 48 << 20);
  });

  promise("observe() leaves out what is not the project's, but for names and ports", async (world) => {
    const foreign = await made.host.run(world.name("foreign"), made.images.service, made.port + 1);
    const without = await world.observe({ containerNames: [] });
    assert.deepEqual(without.containers.filter((c) => c.id === foreign), []);
    assert.equal(without.foreignPorts.get(`127.0.0.1:${made.port + 1}/tcp`), world.name("foreign"));
    const asked = await world.observe({ containerNames: [world.name("foreign")] });
    assert.equal(find(asked, foreign).state.status, "running");
    await made.host.remove(foreign);
  });

  promise("a call ends with its signal, with the reason of whoever gave up", async (world) => {
    await assert.rejects(world.engine.observe(world.scope({}), AbortSignal.abort()), isError("CANCELLED", /cancelled/));
    const reason = new HoldfastError("STEP_TIMEOUT", "Cannot wait any longer", { retry: "backoff", hint: "wait" });
    await assert.rejects(
      world.engine.inspectState("0".repeat(64), AbortSignal.abort(reason)),
      (error) => error === reason,
    );
  });

  /** One promise's corner of the Engine: names of its own in the common project. */
  class World {
    readonly engine: Engine;
    readonly #prefix: string;

    constructor(under: EngineUnderTest, prefix: string) {
      this.engine = under.engine;
      this.#prefix = prefix;
    }

    name(key: string): string {
      return `${made.project}-${this.#prefix}-${key}`;
    }

    labels(more: Record<string, string> = {}): Record<string, string> {
      return { [composeLabel.project]: made.project, ...more };
    }

    spec(key: string, more: Partial<ContainerSpec> = {}): ContainerSpec {
      const networkMode = more.networks ? undefined : "none";
      const spec = minimalSpec(made.images.service, { networkMode, ...more });
      return {
        ...spec,
        networks: spec.networks.map((network) => ({
          ...network,
          aliases: [...new Set([...network.aliases, key])].sort(),
        })),
      };
    }

    create(key: string, more: Partial<ContainerSpec> = {}): Promise<string> {
      const labels = this.labels({ [composeLabel.service]: key });
      return this.engine.createContainer(this.name(key), this.spec(key, more), { labels }, never);
    }

    async run(key: string, more: Partial<ContainerSpec> = {}): Promise<string> {
      const id = await this.create(key, more);
      await this.engine.startContainer(id, never);
      return id;
    }

    /** The project's network with this key, made when it is not there. */
    async network(key: string, more: Partial<NetworkSpec> = {}): Promise<NetworkAttachment> {
      const name = this.name(key);
      const { networks } = await this.observe();
      if (!networks.some((network) => network.name === name)) {
        const labels = this.labels({ [composeLabel.network]: key });
        await this.engine.createNetwork(networkSpec(name, more), labels, never);
      }
      return { key, name, aliases: [], linkLocalIps: [], driverOptions: {} };
    }

    async full(): Promise<ContainerSpec> {
      const configs = [{ subnet: `${made.subnet}.0/24`, auxAddresses: {} }];
      const front = await this.network("front", { ipam: { options: {}, configs } });
      const back = await this.network("back");
      const volume = this.name("volume");
      await this.engine.createVolume({ name: volume, driverOptions: {}, labels: {} }, this.labels(), never);
      const { folder, images, subnet, port } = made;
      return fullSpec({
        image: images.service,
        networks: [front.name, back.name],
        volume,
        folder,
        subnet,
        port: port + 10,
      });
    }

    scope(more: Partial<ObserveScope>): ObserveScope {
      const names = { containerNames: [], networkNames: [], volumeNames: [] };
      return { project: made.project, ...names, images: [made.images.service], full: false, ...more };
    }

    observe(more: Partial<ObserveScope> = {}): Promise<ObservedState> {
      return this.engine.observe(this.scope(more), never);
    }

    async container(key: string): Promise<ObservedContainer> {
      const { containers } = await this.observe();
      const found = containers.find((container) => container.name === this.name(key));
      assert.ok(found, `no container "${this.name(key)}" among ${containers.map((c) => c.name).join(", ")}`);
      return found;
    }

    async imageDefaults(): Promise<ImageDefaults> {
      return (await this.observe()).images.get(made.images.service)!.defaults;
    }

    /** A watch that is up; `tells` fails when an act of somebody else is not told. */
    async watch(): Promise<AsyncDisposable & { tells(what: string, act: () => Promise<void>): Promise<void> }> {
      const stop = new AbortController();
      let told = 0;
      const ended = this.engine.watch(made.project, () => told++, stop.signal);
      const tells = async (what: string, act: () => Promise<void>) => {
        const before = told;
        await act();
        await until(`the watch to tell of ${what}`, () => told > before);
      };
      const created = this.create("beacon");
      await until("the watch to be up", () => told > 0);
      await created;
      return { tells, [Symbol.asyncDispose]: () => (stop.abort(), ended) };
    }
  }
}

function networkSpec(name: string, more: Partial<NetworkSpec> = {}): NetworkSpec {
  const nothing = { driverOptions: {}, internal: false, attachable: false, labels: {} };
  return { name, ...nothing, ipam: { options: {}, configs: [] }, ...more };
}

function find(state: ObservedState, id: string): ObservedContainer {
  const found = state.containers.find((container) => container.id === id);
  assert.ok(found, `no container ${id}`);
  return found;
}

/** A spec as an Engine can say it: merged with the image, lists without an order in one order. */
function readable(spec: ContainerSpec, image: ImageDefaults): ContainerSpec {
  return {
    ...spec,
    environment: { ...image.environment, ...spec.environment },
    labels: { ...image.labels, ...spec.labels },
    exposedPorts: [...new Set([...image.exposedPorts, ...spec.exposedPorts])].sort(),
    securityOpt: [...new Set([...spec.securityOpt, ...impliedSecurityOptions(spec)])].sort(),
    extraHosts: [...spec.extraHosts].sort(),
    mounts: spec.mounts.filter((mount) => !image.volumes.includes(mount.target)),
    networks: spec.networks.map(withoutMac),
  };
}

/** The Engine gives a running endpoint an address of its own. */
function withoutMac(network: NetworkAttachment): NetworkAttachment {
  return { ...network, macAddress: undefined };
}

/** Without what is undefined: absent and undefined say the same. */
function plain(value: unknown): unknown {
  return JSON.parse(canonicalJson(value));
}

function isError(code: HoldfastError["code"], message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.notEqual(error.hint, "");
    return true;
  };
}
