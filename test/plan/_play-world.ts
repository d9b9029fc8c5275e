import { holdfastLabel } from "../../src/model/labels.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { Inventory } from "../../src/model/ledger.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { EditedFile } from "../../src/model/files.ts";
import type { PlanInput } from "../../src/plan/input.ts";
import { planDeployment } from "../../src/plan/plan-deployment.ts";
import { isEmptyPlan, type Plan } from "../../src/plan/plan.ts";
import { slotNames } from "../../src/plan/slots.ts";
import type { Step } from "../../src/plan/step.ts";
import { hostActor } from "../support/fake-actor.ts";
import { FakeHost } from "../support/fake-host.ts";
import { observeFake } from "../support/fake-observe.ts";
import { desiredWorld, type ServiceWish, testKey } from "../support/world.ts";
import { actOnHost } from "./_act-on-host.ts";
import { PerfectEngine } from "./_perfect-engine.ts";
import type { RevisionDraw, ServiceDraw, WorldDraw } from "./_worlds.ts";

export const serviceKeys = ["db", "api", "web", "job", "cache", "proxy"];
const networkKeys = ["default", "front", "back"];
const volumeKeys = ["data", "logs", "media"];
const commits = { before: "b".repeat(40), after: "c".repeat(40) };

/** A host with a history, and the revision that it is to be brought to. */
export interface World {
  readonly host: FakeHost;
  readonly engine: PerfectEngine;
  readonly desired: DesiredState;
  /** The random orders of this world. */
  readonly chance: () => number;
  /** What the next pass would plan. */
  plan(change?: (input: PlanInput) => PlanInput): Plan;
  /** What a pass remembers whose steps were all done. */
  remember(): void;
}

/** Plays what was drawn up to the moment at which a pass looks at the host. */
export function playWorld(draw: WorldDraw): World {
  const host = new FakeHost();
  const engine = new PerfectEngine(host);
  const chance = randomNumbers(draw.chance);
  const revisions = { before: draw.before, after: edited(draw) };
  const desired = { before: desiredOf(revisions.before), after: desiredOf(revisions.after) };
  provideImages(host, [desired.before, desired.after]);
  provideExternals(host, revisions.before, chance);
  let key = testKey;
  let inventory: Inventory = { services: {}, networks: [], volumes: [] };
  let files: readonly EditedFile[] = [];
  let applied: string | undefined;
  let wanted: "before" | "after" = "before";
  let goingBack = false;

  const plan = (change: (input: PlanInput) => PlanInput = (input) => input): Plan =>
    planDeployment(change({
      deployment: "demo",
      commit: commits[wanted],
      appliedCommit: applied,
      goingBack,
      desired: desired[wanted],
      ...(wanted === "after" && applied === commits.before ? { appliedDesired: desired.before } : {}),
      observed: observe(host, desired[wanted]),
      inventory,
      digestKey: key,
      configFiles: ["/srv/demo/compose.yaml"],
      files: { edited: files, keys: [], secrets: [] },
      now: new Date("2026-01-02T03:04:05Z"),
      runningMs: 15_000,
      waitTimeoutSeconds: 60,
      ignore: [],
    }));
  const remember = (): void => {
    applied = commits[wanted];
    goingBack = false;
    files = [];
    inventory = inventoryOf(host, desired[wanted]);
  };
  const cut = ({ steps }: Plan): void =>
    run(engine, inRandomOrder(steps, chance).slice(0, chance() * (steps.length + 1)));

  if (draw.how === "cut-again") cut(plan());
  if (draw.how !== "first" && draw.how !== "cut-again") {
    const first = plan();
    run(engine, [...first.steps, ...first.settle]);
    engine.passTime();
    remember();
  }
  if (draw.adopted) forgetOurLabels(host);
  if (draw.how === "converged") wanted = "after";
  if (draw.how === "cut" || draw.how === "back") {
    wanted = "after";
    cut(plan());
    if (draw.how === "back") {
      wanted = "before";
      goingBack = true;
    }
  }
  if (draw.ledgerLost) inventory = { services: {}, networks: [], volumes: [] };
  if (draw.keyLost) key = digestKey(new Uint8Array(32).fill(9));
  for (const act of draw.acts) {
    if (act.kind === "edit-file") {
      files = [{ path: `${serviceKeys[act.target % serviceKeys.length]}.conf`, found: "edited" }];
    } else actOnHost(host, act, desired[wanted]);
  }
  provideImages(host, [desired[wanted]]);
  return { host, engine, desired: desired[wanted], chance, plan, remember };
}

/** Steps in an order that satisfies their edges, chosen by chance. */
export function inRandomOrder(steps: readonly Step[], chance: () => number): Step[] {
  const ids = new Set(steps.map(({ id }) => id));
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (ordered.length < steps.length) {
    const ready = steps.filter(({ id, needs }) =>
      !done.has(id) && needs.every((need) => done.has(need) || !ids.has(need))
    );
    const next = ready[Math.floor(chance() * ready.length)];
    if (!next) throw new Error("the steps wait for each other");
    done.add(next.id);
    ordered.push(next);
  }
  return ordered;
}

/** Carries steps out as they come. @throws Error that names the step that the Engine refused */
export function run(engine: PerfectEngine, steps: readonly Step[], desired?: DesiredState): void {
  for (const [index, step] of steps.entries()) {
    try {
      if (step.kind === "container.start") checkDependencies(step, { later: steps.slice(index), desired });
      engine.perform(step);
    } catch (cause) {
      const before = steps.slice(0, index).map(({ id }) => id).join("; ");
      throw new Error(`"${step.id}" was refused: ${(cause as Error).message}; done before: ${before}`, { cause });
    }
  }
}

interface Ahead {
  /** Steps that were not taken yet. */
  readonly later: readonly Step[];
  readonly desired: DesiredState | undefined;
}

/** @throws Error when what it depends on is started, or is waited for, only later */
function checkDependencies({ resource }: Step, { later, desired }: Ahead): void {
  const waited = { service_started: "", service_healthy: "healthy", service_completed_successfully: "completed" };
  const key = resource.replace(/^service\/|\[\d+\]$/g, "");
  for (const { service, condition, required } of desired?.services.get(key)?.dependsOn ?? []) {
    const late = later.find((step) =>
      (step.kind === "container.start" || (step.kind === "container.wait" && step.until === waited[condition])) &&
      step.resource.replace(/\[\d+\]$/, "") === `service/${service}`
    );
    if (late && required) throw new Error(`"${late.id}" comes later`);
  }
}

/** One pass of an agent, with the verification passed. */
export function pass(world: World): Plan {
  const plan = world.plan();
  run(world.engine, inRandomOrder(plan.steps, world.chance), world.desired);
  run(world.engine, inRandomOrder(plan.settle, world.chance));
  world.engine.passTime();
  world.remember();
  return plan;
}

/** Passes until nothing is left to do. @throws Error when that takes more than `limit` of them */
export function converge(world: World, limit: number): void {
  for (let count = 0; count < limit; count++) if (isEmptyPlan(pass(world))) return;
  const { steps, settle } = world.plan();
  if (steps.length + settle.length > 0) {
    throw new Error(`after ${limit} passes it still plans ${[...steps, ...settle].map(({ id }) => id).join("; ")}`);
  }
}

function observe(host: FakeHost, desired: DesiredState): ObservedState {
  const services = [...desired.services.values()];
  return observeFake(host, {
    project: desired.project,
    containerNames: services.flatMap(slotNames),
    networkNames: [...desired.networks.values()].map(({ spec }) => spec.name),
    volumeNames: [...desired.volumes.values()].map(({ spec }) => spec.name),
    images: services.map(({ spec }) => spec.image),
    full: true,
  });
}

function edited({ before, edits, networks }: WorldDraw): RevisionDraw {
  const services = Array.from({ length: Math.max(before.services.length, edits.length) }, (_, index) => {
    const edit = edits[index] ?? "same";
    return edit === "same" ? before.services[index] ?? null : edit === "gone" ? null : edit;
  });
  return { ...before, services, networks: networks === "same" ? before.networks : networks };
}

/** A revision that Compose would take: what a draw cannot have is left out of it. */
function desiredOf({ services, networks, volumes }: RevisionDraw): DesiredState {
  const wishes: Record<string, ServiceWish> = {};
  const ports = new Set<number>();
  for (const [index, draw] of services.entries()) {
    if (!draw) continue;
    const lower = services.slice(0, index).flatMap((other, at) =>
      other ? [{ key: serviceKeys[at]!, draw: other }] : []
    );
    wishes[serviceKeys[index]!] = wishOf(serviceKeys[index]!, draw, { lower, ports });
  }
  return desiredWorld({
    services: wishes,
    networks: Object.fromEntries(networks.map((draw, index) => [networkKeys[index]!, draw])),
    volumes: Object.fromEntries(volumes.map((draw, index) => [volumeKeys[index]!, draw])),
  });
}

interface Around {
  readonly lower: readonly { readonly key: string; readonly draw: ServiceDraw }[];
  /** Taken by the services before. */
  readonly ports: Set<number>;
}

function wishOf(key: string, draw: ServiceDraw, { lower, ports }: Around): ServiceWish {
  const runs = lower.filter((other) => other.draw.replicas > 0 && !["stopped", "job"].includes(other.draw.kind));
  const peer = draw.shares === "nothing" ? undefined : runs.at(-1)?.key;
  const sharesNetwork = peer !== undefined && draw.shares === "network";
  const hasPort = draw.port >= 0 && draw.replicas === 1 && draw.kind !== "job" && !sharesNetwork &&
    !ports.has(draw.port);
  if (hasPort) ports.add(draw.port);
  const dependsOn = lower.filter((_, index) => (draw.dependsOn >> index) % 2 === 1).map((other) => ({
    service: other.key,
    condition: conditionOn(other.draw, draw.condition),
    required: draw.required,
    restart: draw.restartsWith,
  }));
  const isNeeded = peer !== undefined && !dependsOn.some(({ service }) => service === peer);
  const networks = draw.networks.length === 0 ? [0] : draw.networks;
  return {
    image: `${draw.kind === "job" ? "job" : "app"}:${draw.image}`,
    environment: { VERSION: String(draw.version) },
    networks: sharesNetwork ? [] : networks.map((index) => ({
      key: networkKeys[index]!,
      name: `demo_${networkKeys[index]}`,
      aliases: [key],
      linkLocalIps: [],
      driverOptions: {},
    })),
    ...(sharesNetwork ? { networkMode: `service:${peer}` } : {}),
    ...(peer !== undefined && draw.shares === "ipc" ? { ipc: `service:${peer}` } : {}),
    ...(peer !== undefined && draw.shares === "pid" ? { pid: `service:${peer}` } : {}),
    ...(peer !== undefined && draw.shares === "volumes" ? { volumesFrom: [peer] } : {}),
    mounts: draw.volumes.map((index) => ({
      type: "volume",
      source: `demo_${volumeKeys[index]}`,
      target: `/${volumeKeys[index]}`,
      readOnly: false,
    })),
    ports: hasPort ? [{ target: 80, protocol: "tcp", hostIp: "", published: String(8000 + draw.port) }] : [],
    ...(draw.kind === "checked" ? { healthcheck: { test: ["CMD", "true"] } } : {}),
    restart: { name: draw.kind === "always" ? "always" : "no" },
    resources: draw.memory === 0 ? {} : { memoryBytes: draw.memory },
    dependsOn: [
      ...dependsOn,
      ...(isNeeded ? [{ service: peer!, condition: "service_started" as const, restart: true, required: true }] : []),
    ],
    desired: draw.kind === "stopped" ? "stopped" : "running",
    replicas: draw.replicas,
    boundFiles: draw.file === ""
      ? []
      : [{ target: "/etc/f", origin: "checkout", path: `${key}.conf`, digest: draw.file }],
    pullPolicy: draw.pull,
  };
}

/** What the other can become. */
function conditionOn(other: ServiceDraw, condition: ServiceDraw["condition"]): ServiceDraw["condition"] {
  if (condition === "service_healthy" && other.kind === "checked") return condition;
  return condition === "service_completed_successfully" && other.kind === "job" ? condition : "service_started";
}

/** All can be pulled; what is never to be pulled is there. */
function provideImages(host: FakeHost, revisions: readonly DesiredState[]): void {
  const actor = hostActor(host);
  for (const { spec, pullPolicy } of revisions.flatMap(({ services }) => [...services.values()])) {
    const exits = { behaviour: { kind: "exits", exitCode: 0 } } as const;
    if (!host.registry.has(spec.image)) actor.publishImage(spec.image, spec.image.startsWith("job:") ? exits : {});
    const image = host.registry.get(spec.image)!;
    if (pullPolicy !== "never" || host.tags.has(spec.image)) continue;
    host.images.set(image.id, image);
    host.tags.set(spec.image, image.id);
  }
}

/** Most of what is external exists. */
function provideExternals(host: FakeHost, { networks, volumes }: RevisionDraw, chance: () => number): void {
  const actor = hostActor(host);
  const ipam = { options: {}, configs: [] };
  for (const [index, { external, attachable }] of networks.entries()) {
    if (!external || chance() < 0.2) continue;
    const name = `demo_${networkKeys[index]}`;
    actor.addNetwork({ name, driverOptions: {}, internal: false, attachable, ipam, labels: {} });
  }
  for (const [index, { external }] of volumes.entries()) {
    if (external && chance() < 0.8) {
      actor.addVolume({ name: `demo_${volumeKeys[index]}`, driverOptions: {}, labels: {} });
    }
  }
}

/** As if Compose had made them. */
function forgetOurLabels(host: FakeHost): void {
  const without = (labels: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.values<string>(holdfastLabel).includes(name)));
  for (const [id, each] of host.containers) host.containers.set(id, { ...each, labels: without(each.labels) });
  for (const [name, each] of host.networks) host.networks.set(name, { ...each, labels: without(each.labels) });
}

function inventoryOf(host: FakeHost, desired: DesiredState): Inventory {
  const answers = new Map([...desired.services.values()].map((service) => [service.key, slotNames(service)[0]]));
  const services = [...host.containers.values()].filter(({ name, labels }) =>
    labels["com.docker.compose.project"] === desired.project &&
    answers.get(labels["com.docker.compose.service"] ?? "") === name
  );
  return {
    services: Object.fromEntries(
      services.map(({ id, labels, state }) => [
        labels["com.docker.compose.service"]!,
        { containerId: id, digest: labels[holdfastLabel.digest] ?? "", ran: state.status === "running" },
      ]),
    ),
    networks: [...desired.networks.values()].filter(({ external }) => !external).map(({ spec }) => spec.name).sort(),
    volumes: [...desired.volumes.values()].map(({ spec }) => spec.name).sort(),
  };
}

/** Numbers from 0 to below 1, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
