import type { DesiredService } from "../model/desired.ts";
import { composeLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Cause } from "./cause.ts";
import type { Decision, Mend, Slot } from "./decision.ts";
import type { Finding } from "./finding.ts";
import type { PlanInput } from "./input.ts";
import { containerLabels } from "./labels.ts";
import type { ReplacedNetworks } from "./networks.ts";
import { type Peers, sharedServices } from "./peers.ts";
import { needsPull } from "./pulls.ts";
import { hasFixedAddress } from "./reconnect.ts";
import { asideName } from "./slots.ts";
import type { ContainerRef, StepKind } from "./step.ts";
import { networkStepId, volumeStepId } from "./step-id.ts";
import { type SlotSteps, StepLine } from "./step-line.ts";

/** What the steps of one slot need to know of the rest of the plan. */
export interface SlotContext {
  readonly input: PlanInput;
  readonly peers: Peers;
  /** Networks that this plan replaces: their members are off already. */
  readonly replaced: ReplacedNetworks;
  /** Steps that must be done before a container of this service may be created or mended: its image, its files. */
  readonly beforeChange: readonly string[];
  /** Steps that must be done before this slot's container may be started: its dependencies. */
  readonly beforeStart: readonly string[];
}

/** Turns the decision over one slot into Engine calls with their order. */
export function slotSteps(service: DesiredService, slot: Slot, decision: Decision, context: SlotContext): SlotSteps {
  const line = new StepLine(service, slot);
  switch (decision.kind) {
    case "blocked":
      return { steps: [], settle: [] };
    case "keep":
      retire(line, slot.candidates.filter((candidate) => candidate !== decision.current), {
        cause: superseded,
        after: [],
      });
      return line.result({ id: decision.current.id });
    case "create":
    case "recreate":
      return createSteps(line, { service, slot, cause: decision.cause }, context);
    case "mend":
      return mendSteps(line, { service, slot, ...decision }, context);
  }
}

/** What an earlier pass left to a later one. */
const superseded: Cause = { kind: "superseded" };

/**
 * A new container takes over: created beside its predecessors, which are stopped only when it is there, and removed
 * only when the verification passed. On the way the names are exchanged; a predecessor is called as Compose calls it.
 */
function createSteps(
  line: StepLine,
  { service, slot, cause }: { readonly service: DesiredService; readonly slot: Slot; readonly cause: Cause },
  context: SlotContext,
): SlotSteps {
  const { input } = context;
  const predecessor = slot.candidates.find((candidate) => candidate.name === slot.name) ?? slot.candidates[0];
  const holder = slot.candidates.find((candidate) => candidate.name === slot.name);
  const temporary = holder ? freeName(`${slot.name}-next`, slot.candidates) : slot.name;
  const peers = peersOf(service, context.peers);
  const imageId = needsPull(service, input) ? undefined : input.observed.images.get(service.spec.image)?.id;
  const created = line.add(cause, {
    kind: "container.create",
    name: temporary,
    spec: service.spec,
    labels: containerLabels(service, {
      desired: input.desired,
      number: slot.number,
      imageId,
      context: input,
    }),
    ...(imageId === undefined ? { imageIdLabel: composeLabel.image } : {}),
    ...(service.sharedConfig ? { sharedConfig: service.sharedConfig } : {}),
    ...(predecessor ? { volumesOf: predecessor.id } : {}),
    peers,
  }, [
    ...context.beforeChange,
    ...[...Object.values(peers), ...linkedOnBridge(service, context.peers)].flatMap((peer) =>
      "created" in peer ? [peer.created] : []
    ),
    ...service.spec.networks.map((network) => networkStepId(network.name)),
    ...service.spec.mounts.filter((mount) => mount.type === "volume").map((mount) => volumeStepId(mount.source)),
  ]);
  const container: ContainerRef = { created };
  const retired = retire(line, slot.candidates, { cause, after: [created], name: holder && slot.name });
  const named = temporary === slot.name ? [] : [
    line.add(cause, { kind: "container.rename", container, name: slot.name }, [
      created,
      ...retired,
    ]),
  ];
  if (service.desired === "stopped") return line.result(container);
  const started = line.add(cause, { kind: "container.start", container }, [
    created,
    ...retired,
    ...named,
    ...context.beforeStart,
  ]);
  return line.result(container, started);
}

/** The containers of the services that this one shares namespaces or volumes with. */
function peersOf(service: DesiredService, known: Peers): Record<string, ContainerRef> {
  return Object.fromEntries(
    sharedServices(service.spec).flatMap((key) => {
      const peer = known.get(key);
      return peer ? [[key, peer]] : [];
    }),
  );
}

/** On the default bridge the Engine looks for linked containers when it creates the one that links to them. */
function linkedOnBridge({ spec, dependsOn }: DesiredService, known: Peers): ContainerRef[] {
  if (spec.networks.length > 0 || spec.links.length === 0) return [];
  return dependsOn.flatMap((dependency) => known.get(dependency.service) ?? []);
}

/** An apply that was cut short may have left its own behind. */
function freeName(name: string, containers: readonly ObservedContainer[]): string {
  const taken = new Set(containers.map((container) => container.name));
  for (let count = 2, free = name;; count++) {
    if (!taken.has(free)) return free;
    free = `${name}${count}`;
  }
}

interface MendingSlot {
  readonly service: DesiredService;
  readonly slot: Slot;
  readonly current: ObservedContainer;
  readonly cause: Cause;
  readonly mends: readonly Mend[];
}

function mendSteps(line: StepLine, mending: MendingSlot, context: SlotContext): SlotSteps {
  const { slot, current, cause, mends } = mending;
  const container: ContainerRef = { id: current.id };
  const others = slot.candidates.filter((candidate) => candidate !== current);
  const isRenamed = mends.some((mend) => mend.kind === "rename");
  let before = retire(line, others, {
    cause,
    after: [...context.beforeChange],
    name: isRenamed ? slot.name : undefined,
  });
  let started: string | undefined;
  for (const mend of mends) {
    for (const step of mendKinds(mend, mending, context)) {
      const isStart = step.kind === "container.start" || step.kind === "container.restart" ||
        step.kind === "container.unpause";
      const network = step.kind === "network.connect" || step.kind === "network.disconnect" ? step.network : undefined;
      const needs = [
        ...context.beforeChange,
        ...before,
        ...(isStart ? context.beforeStart : []),
        ...(network ? [networkStepId(network)] : []),
      ];
      const id = line.add(cause, step, needs);
      if (isStart) started = id;
      before = [id];
    }
  }
  return line.result(container, started);
}

function mendKinds(mend: Mend, { service, slot, current }: MendingSlot, { replaced }: SlotContext): StepKind[] {
  const container: ContainerRef = { id: current.id };
  switch (mend.kind) {
    case "rename":
      return [{ kind: "container.rename", container, name: slot.name }];
    case "update":
      return [updateStep(service, mend.findings, container)];
    case "reconnect":
      return fixedFirst(mend.networks, service).flatMap((name) => reconnectSteps(name, { service, current, replaced }));
    case "unpause":
      return [{ kind: "container.unpause", container }];
    case "start":
      return [{ kind: "container.start", container }];
    case "restart":
      return [{ kind: "container.restart", container }];
    case "stop":
      return [{ kind: "container.stop", container }];
  }
}

/** Memory and swap go together: the Engine checks one against the other. */
function updateStep(service: DesiredService, findings: readonly Finding[], container: ContainerRef): StepKind {
  const isRestart = (finding: Finding): boolean => finding.key === "restart";
  return {
    kind: "container.update",
    container,
    ...(findings.some((finding) => !isRestart(finding)) ? { resources: service.spec.resources } : {}),
    ...(findings.some(isRestart) ? { restart: service.spec.restart } : {}),
  };
}

interface Reconnecting {
  readonly service: DesiredService;
  readonly current: ObservedContainer;
  readonly replaced: ReplacedNetworks;
}

/** Others on the same networks may wait for the addresses that this one asks for. */
function fixedFirst(networks: readonly string[], { spec }: DesiredService): string[] {
  const isFixed = (name: string): boolean => spec.networks.some((each) => each.name === name && hasFixedAddress(each));
  return [...networks.filter(isFixed), ...networks.filter((name) => !isFixed(name))];
}

function reconnectSteps(name: string, { service, current, replaced }: Reconnecting): StepKind[] {
  const container: ContainerRef = { id: current.id };
  const wanted = service.spec.networks.find((network) => network.name === name);
  const found = current.spec.networks.find((network) => network.name === name);
  const isOff = !found || replaced.has(found.name);
  return [
    ...(isOff ? [] : [{ kind: "network.disconnect" as const, network: found.name, container }]),
    ...(wanted ? [{ kind: "network.connect" as const, network: wanted.name, container, attachment: wanted }] : []),
  ];
}

/**
 * Predecessors make room: stopped, and the name given up where it is wanted. Their removal waits for the verification.
 *
 * @returns the steps after which their ports and their name are free
 */
function retire(
  line: StepLine,
  containers: readonly ObservedContainer[],
  { cause, after, name }: { readonly cause: Cause; readonly after: readonly string[]; readonly name?: string },
): string[] {
  const done: string[] = [];
  for (const old of containers) {
    const container: ContainerRef = { id: old.id };
    let last = after;
    if (isLive(old)) {
      last = [line.add(cause, { kind: "container.stop", container }, after)];
    }
    if (name !== undefined && old.name === name) {
      last = [
        line.add(cause, { kind: "container.rename", container, name: asideName(old.id, name) }, last),
      ];
    }
    if (last !== after) done.push(...last);
    line.settle(cause, { kind: "container.remove", container });
  }
  return done;
}

function isLive(container: ObservedContainer): boolean {
  return ["running", "restarting", "paused"].includes(container.state.status);
}
