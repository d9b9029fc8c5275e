import type { ContainerSpec } from "../../src/model/container.ts";
import type {
  Dependency,
  DesiredNetwork,
  DesiredService,
  DesiredState,
  DesiredVolume,
} from "../../src/model/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { Inventory } from "../../src/model/ledger.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { FilesState, PlanInput } from "../../src/plan/input.ts";
import { planDeployment } from "../../src/plan/plan-deployment.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { slotNames } from "../../src/plan/slots.ts";
import type { Outcome, Step } from "../../src/plan/step.ts";
import { applySteps } from "../../src/agent/apply.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { minimalSpec } from "./container-spec.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";

/** What a test says of one service; the rest is as plain as can be. */
export interface ServiceWish extends Partial<ContainerSpec> {
  readonly dependsOn?: readonly (string | Partial<Dependency> & { readonly service: string })[];
  readonly desired?: "running" | "stopped";
  readonly replicas?: number;
  readonly boundFiles?: DesiredService["boundFiles"];
  readonly pullPolicy?: DesiredService["pullPolicy"];
}

export interface Wishes {
  readonly services: Readonly<Record<string, ServiceWish>>;
  readonly networks?: Readonly<Record<string, Partial<DesiredNetwork["spec"]> & { readonly external?: boolean }>>;
  readonly volumes?: Readonly<
    Record<string, Partial<DesiredVolume["spec"]> & { readonly external?: boolean; readonly create?: boolean }>
  >;
}

export const testKey = digestKey(new Uint8Array(32).fill(7));
const project = "demo";

/** A desired state of project `demo`, all of whose services are on its default network. */
export function desiredWorld(wishes: Wishes): DesiredState {
  const networks = { default: {}, ...wishes.networks };
  return {
    project,
    model: { name: project, services: {} },
    services: new Map(Object.entries(wishes.services).map(([key, wish]) => [key, service(key, wish)])),
    networks: new Map(Object.entries(networks).map(([key, wish]) => [key, network(key, wish)])),
    volumes: new Map(Object.entries(wishes.volumes ?? {}).map(([key, wish]) => [key, volume(key, wish)])),
    positionOf: () => undefined,
    secretPaths: new Set(),
    folders: { checkout: "/srv/demo", project: "/srv/demo", secrets: "/run/holdfast/demo/secrets" },
    secretFiles: [],
  };
}

function service(key: string, wish: ServiceWish): DesiredService {
  const { dependsOn = [], desired = "running", replicas = 1, boundFiles = [], pullPolicy = "missing", ...spec } = wish;
  return {
    key,
    name: `${project}-${key}-1`,
    replicas,
    spec: { ...plainSpec(key), ...spec },
    dependsOn: dependsOn.map((needed) => ({
      condition: "service_started",
      restart: false,
      required: true,
      ...(typeof needed === "string" ? { service: needed } : needed),
    })),
    configHash: "compose",
    boundFiles,
    pullPolicy,
    desired,
  };
}

function plainSpec(key: string): ContainerSpec {
  return minimalSpec(`${key}:1`, {
    networks: [{ key: "default", name: `${project}_default`, aliases: [key], linkLocalIps: [], driverOptions: {} }],
  });
}

function network(key: string, wish: Partial<DesiredNetwork["spec"]> & { readonly external?: boolean }): DesiredNetwork {
  const { external = false, ...spec } = wish;
  const plain = {
    driverOptions: {},
    internal: false,
    attachable: false,
    ipam: { options: {}, configs: [] },
    labels: {},
  };
  return {
    key,
    external,
    configHash: `compose ${JSON.stringify(spec)}`,
    spec: { name: `${project}_${key}`, ...plain, ...spec },
  };
}

function volume(
  key: string,
  wish: Partial<DesiredVolume["spec"]> & { readonly external?: boolean; readonly create?: boolean },
): DesiredVolume {
  const { external = false, create = false, ...spec } = wish;
  return {
    key,
    external,
    create,
    configHash: "compose",
    spec: { name: `${project}_${key}`, driverOptions: {}, labels: {}, ...spec },
  };
}

/** A clock whose sleeps end at once, and on which time passes only through them. */
export function testClock(start = "2026-01-02T03:04:05Z"): Clock {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms),
    monotonicMs: () => ms,
    sleep: async (wait, signal) => {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => setImmediate(resolve)); // others have their turn
      signal.throwIfAborted();
      ms += wait;
    },
    random: () => 0,
  };
}

/** A host with a fake Engine that is planned for and applied to, as the agent does it. */
export class TestHost {
  readonly engine: FakeEngine;
  #applied: string | undefined;
  #inventory: Inventory = { services: {}, networks: [], volumes: [] };
  #files: FilesState = { edited: [], keys: [], secrets: [] };

  constructor(engine: FakeEngine = fakeEngine()) {
    this.engine = engine;
  }

  /** What the ledger would hold. */
  remember(memory: { readonly applied?: string; readonly inventory?: Inventory; readonly files?: FilesState }): void {
    this.#applied = memory.applied ?? this.#applied;
    this.#inventory = memory.inventory ?? this.#inventory;
    this.#files = memory.files ?? this.#files;
  }

  async observe(desired: DesiredState): Promise<ObservedState> {
    return await this.engine.observe({
      project: desired.project,
      containerNames: [...desired.services.values()].flatMap(slotNames),
      networkNames: [...desired.networks.values()].map((each) => each.spec.name),
      volumeNames: [...desired.volumes.values()].map((each) => each.spec.name),
      images: [...desired.services.values()].map((each) => each.spec.image),
      full: true,
    }, new AbortController().signal);
  }

  async plan(desired: DesiredState, more: Partial<PlanInput> = {}): Promise<Plan> {
    return planDeployment({
      deployment: "demo",
      commit: "b".repeat(40),
      appliedCommit: this.#applied,
      goingBack: false,
      desired,
      observed: await this.observe(desired),
      inventory: this.#inventory,
      digestKey: testKey,
      configFiles: ["/srv/demo/compose.yaml"],
      files: this.#files,
      now: testClock().now(),
      runningMs: 15_000,
      waitTimeoutSeconds: 60,
      ignore: [],
      ...more,
    });
  }

  async apply(steps: readonly Step[], signal: AbortSignal = new AbortController().signal): Promise<Outcome[]> {
    return await applySteps(steps, {
      engine: this.engine,
      clock: testClock(),
      parallel: 4,
      switchFiles: () => Promise.resolve(),
    }, signal);
  }

  /** Plans and applies, settling included; the revision is the applied one afterwards. */
  async converge(desired: DesiredState): Promise<void> {
    for (const { spec } of desired.services.values()) this.engine.host.addImage(spec.image);
    const plan = await this.plan(desired);
    for (const outcome of [...await this.apply(plan.steps), ...await this.apply(plan.settle)]) {
      if (outcome.result !== "done") throw new Error(`${outcome.step.id}: ${outcome.error?.message}`);
    }
    this.remember({ applied: "b".repeat(40) });
  }
}
