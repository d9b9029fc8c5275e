import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import type { ObservedContainer } from "../model/observed.ts";
import { isLooping } from "./container-state.ts";
import { decideSlot } from "./decide.ts";
import { unlastingNotices } from "./corrections.ts";
import type { DecidedService, Decision } from "./decision.ts";
import { bindsAnyOf, planFiles } from "./files.ts";
import { handOverPorts, portsNotGivenUp } from "./handover.ts";
import type { PlanInput } from "./input.ts";
import { leaveFiles, leaveNetworks } from "./left-alone.ts";
import { planNetworks, type ReplacedNetworks, replacedNetworks } from "./networks.ts";
import { dependencyOrder, orderSteps } from "./order.ts";
import { planOrphans } from "./orphans.ts";
import type { Difference, Notice, Plan } from "./plan.ts";
import { planPulls } from "./pulls.ts";
import { connectFixedFirst, reconnectOthers } from "./reconnect.ts";
import { slotSteps } from "./service-steps.ts";
import { projectContainers, slotLabel, slotsOf } from "./slots.ts";
import type { SlotSteps } from "./step-line.ts";
import type { ContainerRef, Step } from "./step.ts";
import { createStepId, filesStepId, pullStepId } from "./step-id.ts";
import { planVolumes } from "./volumes.ts";
import { dependencySteps } from "./waits.ts";

/**
 * The whole future of one pass: what is missing, changed, drifted or orphaned, and every step that mends it, in order.
 * Empty when the host equals the desired state. Same input, same plan.
 */
export function planDeployment(given: PlanInput): Plan {
  const judgedFiles = leaveFiles(given);
  const input = judgedFiles.value;
  const judgedNetworks = leaveNetworks(planNetworks(input), input);
  const networks = judgedNetworks.value;
  const replaced = replacedNetworks(networks.steps);
  const decided = decideServices(input, replaced);
  const volumes = planVolumes(input);
  const orphans = planOrphans(input);
  const pulls = planPulls(decided, input);
  const files = planFiles(pulls, input);
  const services = planServices(decided, { input, replaced, orphans: orphans.steps });
  const resources = [networks, volumes, orphans, files, services];
  const planned = resources.flatMap((resource) => resource.steps);
  const connected = connectFixedFirst([...planned, ...reconnectOthers(planned, decided, input)]);
  const steps = handOverPorts(connected, input.observed);
  const decisions = decided.flatMap(({ slots }) => slots.map(({ decision }) => decision));
  const judged = [judgedFiles, judgedNetworks, ...decisions];
  const leftAlone = judged.flatMap((each) => each.leftAlone ?? []);
  const plan = {
    project: input.desired.project,
    steps: orderSteps([...pulls, ...holdStops(steps, input)]),
    settle: orderSteps([...services.settle, ...orphans.settle, ...afterRemovals(networks.settle, orphans.settle)]),
    differences: resources.flatMap((resource) => resource.differences).sort(byResource),
    notices: [...resources.flatMap((resource) => resource.notices), ...unlastingNotices(leftAlone)].sort(byResource),
    corrected: judged.flatMap((each) => each.corrected ?? []),
    convergedCount: decided.filter(({ slots }) => slots.every(isKept)).length,
  };
  return isBlocked(decided) ? whileBlocked(plan) : plan;
}

function isKept({ decision }: { readonly decision: Decision }): boolean {
  return decision.kind === "keep" && !decision.leftAlone?.length;
}

/** Decided anew for each slot whose port turns out to stay with another: that one stays then, too. */
function decideServices(input: PlanInput, replaced: ReplacedNetworks): DecidedService[] {
  const blocked = new Map<string, Decision>();
  for (;;) {
    const decided = decideOnce(input, replaced, blocked);
    const found = portsNotGivenUp(decided, input);
    if (found.size === 0) return decided;
    for (const [label, decision] of found) blocked.set(label, decision);
  }
}

/** In dependency order, since a service that shares another's namespaces follows it. */
function decideOnce(
  input: PlanInput,
  replaced: ReplacedNetworks,
  blocked: ReadonlyMap<string, Decision>,
): DecidedService[] {
  const containers = projectContainers(input.observed.containers, input.desired.project);
  const peers = new Map<string, ContainerRef>();
  return dependencyOrder(input.desired.services).map((service) => {
    const slots = slotsOf(service, containers).map((slot) => {
      const decision = blocked.get(slotLabel(service, slot.number)) ??
        decideSlot(service, slot, { input, peers, replaced });
      if (slot.number === 1) {
        const isNew = decision.kind === "create" || decision.kind === "recreate";
        if (isNew) peers.set(service.key, { created: createStepId(service.key) });
        else if (decision.kind !== "blocked") peers.set(service.key, { id: decision.current.id });
      }
      return { slot, decision };
    });
    return { service, slots };
  });
}

interface ServicesContext {
  readonly input: PlanInput;
  readonly replaced: ReplacedNetworks;
  readonly orphans: readonly Step[];
}

function planServices(decided: readonly DecidedService[], context: ServicesContext) {
  const { input, replaced, orphans } = context;
  const plan = { steps: [] as Step[], settle: [] as Step[], differences: [] as Difference[], notices: [] as Notice[] };
  const planned = new Map<string, SlotSteps[]>();
  const peers = new Map<string, ContainerRef>();
  for (const { service, slots } of decided) {
    const waits = dependencySteps(service, planned, input);
    const willStart = slots.some(({ decision }) => decision.kind !== "keep" && decision.kind !== "blocked");
    if (willStart) plan.steps.push(...waits.steps.filter((step) => !plan.steps.some((known) => known.id === step.id)));
    const beforeStart = [...waits.needs, ...orphans.map((step) => step.id)];
    const done = slots.map(({ slot, decision: first }) => {
      const decision = restartWith(service, first, planned);
      const beforeChange = stepsBefore(service, decision, input);
      const result = slotSteps(service, slot, decision, { input, peers, replaced, beforeChange, beforeStart });
      plan.steps.push(...result.steps);
      plan.settle.push(...result.settle);
      addWords(plan, {
        resource: `service/${slotLabel(service, slot.number)}`,
        decision,
        hasPredecessors: result.settle.length > 0,
        input,
      });
      return result;
    });
    planned.set(service.key, done);
    if (done[0]?.container) peers.set(service.key, done[0].container);
  }
  return plan;
}

/**
 * What must be in place before a container of the service is created or mended: its image, and the files. What git moved
 * waits for the whole revision; what the host moved only for files that the service binds, and for nobody else's image.
 */
function stepsBefore(service: DesiredService, decision: Decision, input: PlanInput): string[] {
  const isNew = decision.kind === "create" || decision.kind === "recreate";
  const needsFiles = isMovedByGit(service, decision, input) ||
    (isNew ? service.boundFiles.length > 0 : bindsAnyOf(service, input.files));
  return [...(isNew ? [pullStepId(service.spec.image)] : []), ...(needsFiles ? [filesStepId] : [])];
}

/** A service that is missing although it answered for itself before was removed on the host. */
function isMovedByGit(service: DesiredService, decision: Decision, input: PlanInput): boolean {
  if (input.appliedCommit === input.commit) return false;
  if (decision.kind === "create") return input.inventory.services[service.key] === undefined;
  return decision.kind === "recreate" && decision.cause.kind !== "drifted";
}

/** `depends_on` with `restart: true`: a service that stays is restarted after its dependency got a new container. */
function restartWith(
  service: DesiredService,
  decision: Decision,
  planned: ReadonlyMap<string, readonly SlotSteps[]>,
): Decision {
  if (decision.kind !== "keep" || service.desired === "stopped") return decision;
  const [renewed] = service.dependsOn.filter((dependency) =>
    dependency.restart && planned.get(dependency.service)?.some((slot) => slot.container && "created" in slot.container)
  ).map((dependency) => dependency.service).sort(compareText);
  if (renewed === undefined) return decision;
  const fields = [{ field: `container of ${renewed}`, want: "the new one", have: "the one that is replaced" }];
  return { kind: "mend", current: decision.current, cause: { kind: "changed", fields }, mends: [{ kind: "restart" }] };
}

interface SlotWords {
  readonly resource: string;
  readonly decision: Decision;
  readonly hasPredecessors: boolean;
  readonly input: PlanInput;
}

/** What the operator reads of one slot. */
function addWords(plan: { readonly differences: Difference[]; readonly notices: Notice[] }, words: SlotWords): void {
  const { resource, decision } = words;
  switch (decision.kind) {
    case "blocked":
      plan.notices.push({ ...decision.notice, kind: "obstacle" });
      return;
    case "keep":
      plan.notices.push(...troubleNotices(resource, decision.current, words.input));
      if (words.hasPredecessors) {
        plan.differences.push({ resource, cause: { kind: "superseded" }, action: "remove predecessor" });
      }
      return;
    case "create":
      plan.differences.push({ resource, cause: decision.cause, action: decision.kind });
      return;
    case "recreate":
      plan.differences.push({ resource, cause: decision.cause, action: decision.kind });
      if (decision.drifted && decision.drifted.length > 0) {
        plan.differences.push({
          resource,
          cause: { kind: "drifted", fields: decision.drifted },
          action: decision.kind,
        });
      }
      return;
    case "mend":
      plan.differences.push({
        resource,
        cause: decision.cause,
        action: decision.mends.map((mend) => mend.kind).join(", "),
      });
  }
}

/**
 * Where git moved, what it replaces stops only when everything new is there: a failed create leaves those containers as
 * they were. What only drifted does not wait for that.
 */
function holdStops(steps: readonly Step[], input: PlanInput): Step[] {
  if (input.appliedCommit === input.commit) return [...steps];
  const creates = steps.filter((step) => step.kind === "container.create").map((step) => step.id);
  return steps.map((step) =>
    step.kind === "container.stop" && step.cause.kind !== "drifted"
      ? { ...step, needs: [...new Set([...step.needs, ...creates])].sort(compareText) }
      : step
  );
}

function isBlocked(decided: readonly DecidedService[]): boolean {
  return decided.some(({ slots }) => slots.some(({ decision }) => decision.kind === "blocked"));
}

/** While something is in a service's way nothing is verified, and so nothing that waits for that is removed. */
function whileBlocked(plan: Plan): Plan {
  const stops = new Set(plan.steps.map(({ resource }) => resource));
  const differences = plan.differences.filter(({ resource, cause }) =>
    cause.kind !== "superseded" && (cause.kind !== "orphaned" || stops.has(resource))
  );
  return { ...plan, settle: [], differences };
}

/** An orphaned network goes after the orphaned containers that are on it. */
function afterRemovals(networks: readonly Step[], orphans: readonly Step[]): Step[] {
  return networks.map((step) => ({ ...step, needs: orphans.map((orphan) => orphan.id) }));
}

function byResource(a: { readonly resource: string }, b: { readonly resource: string }): number {
  return compareText(a.resource, b.resource);
}

/** A container that is as git says and yet does not do its work. */
function troubleNotices(resource: string, { id, state }: ObservedContainer, input: PlanInput): Notice[] {
  const loops = isLooping(state, input);
  if (!loops && state.health !== "unhealthy") return [];
  return [{
    resource,
    severity: "error",
    message: loops ? "restarts again and again" : "its health check fails",
    hint: `see its log: docker logs ${id.slice(0, 12)}`,
    fields: [],
  }];
}
