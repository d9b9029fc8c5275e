import type { DesiredService } from "../model/desired.ts";
import { holdfastLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { FieldDifference } from "./cause.ts";
import { describeState, isComplete } from "./container-state.ts";
import { correctedDefinition, correctedField } from "./corrected-field.ts";
import { isGivenUp } from "./corrections.ts";
import type { CorrectedFields, Decision, Mend, Slot } from "./decision.ts";
import { asEngineTakes } from "./engine-limits.ts";
import type { Finding } from "./finding.ts";
import { findingsOf } from "./findings.ts";
import { findObstacle } from "./obstacle.ts";
import type { PlanInput } from "./input.ts";
import type { ReplacedNetworks } from "./networks.ts";
import { type Peers, replacedPeer, resolvePeers } from "./peers.ts";
import { compareDigest, serviceDigest } from "./service-digest.ts";
import { asideName } from "./slots.ts";

/**
 * What is to become of one slot: by the digest when git moved, by the live fields when the host did.
 *
 * @param context.peers the services that were decided before this one, in dependency order
 */
export function decideSlot(service: DesiredService, slot: Slot, { input, peers, replaced }: DecideContext): Decision {
  const blocked = findObstacle(service, slot, input);
  if (blocked) return blocked;
  const current = chooseCurrent(service, slot, input);
  if (!current) return { kind: "create", cause: { kind: "missing" } };

  const peer = replacedPeer(service, peers);
  if (peer) {
    const difference = { field: `container of ${peer}`, want: "the new one", have: "the one that is replaced" };
    return { kind: "recreate", cause: { kind: "changed", fields: [difference] } };
  }
  const definition = serviceDigest(service, input.digestKey);
  const recorded = compareDigest(recordedDigest(service, current, input), service, input.digestKey);
  const live = { service, slot, current, definition };
  const moved = recorded === "changed" ? correctedDefinition(live, input) : undefined;
  const digest = moved && isGivenUp(moved, input) ? "unknown" : recorded;
  const wantedSpec = asEngineTakes(resolvePeers(service.spec, peers), input.observed.engine);
  const seen = findingsOf({ ...service, spec: wantedSpec }, current, { input, digest });
  const cutOff = replacedAttachments(service, replaced).filter(({ network }) =>
    !seen.some((other) => other.network === network)
  );
  const all = seen.map((finding) => correctedField(finding, { ...live, madeAsWanted: digest === "same" }, input));
  const lasting = seen.filter((_, index) => !isGivenUp(all[index]!, input));
  const fieldsLeft = all.filter((one) => isGivenUp(one, input));
  const findings = [...lasting, ...cutOff];
  const told: CorrectedFields = {
    corrected: digest === "changed" ? [moved!] : all.filter((one) => !fieldsLeft.includes(one)),
    leftAlone: moved && digest !== "changed" ? [moved, ...fieldsLeft] : fieldsLeft,
  };
  if (digest === "changed") {
    const drifted = driftedBefore(service, { current, findings, peers }, input);
    const changed = findings.filter((finding) => !drifted.includes(finding));
    return {
      ...told,
      kind: "recreate",
      cause: { kind: "changed", fields: changedFields(service, changed, input) },
      drifted: drifted.map((finding) => finding.difference),
    };
  }
  // A digest that cannot tell (adopted, or the key was lost) leaves it to the live fields; git moved if the revision did.
  const isChanged = input.goingBack || input.notBackYet ||
    (digest === "unknown" && input.appliedCommit !== input.commit) ||
    (cutOff.length > 0 && lasting.length === 0 &&
      cutOff.every(({ network }) => replaced.get(network ?? "") === "changed"));
  const kind = isChanged ? "changed" : "drifted";
  const fields = findings.map((finding) => finding.difference);
  if (findings.some((finding) => finding.remedy === "recreate")) {
    return { ...told, kind: "recreate", cause: { kind, fields } };
  }
  return { ...told, ...decideMends(service, { slot, current, findings, kind }, input) };
}

export interface DecideContext {
  readonly input: PlanInput;
  readonly peers: Peers;
  /** Networks that this plan replaces. */
  readonly replaced: ReplacedNetworks;
}

/** A network that is made again loses its members: they are connected to the new one. */
function replacedAttachments(service: DesiredService, replaced: ReplacedNetworks): Finding[] {
  return service.spec.networks.filter((network) => replaced.has(network.name)).map((network) => ({
    key: `networks.${network.key}`,
    difference: { field: `network ${network.key}`, want: "the new one", have: "the one that is replaced" },
    remedy: "reconnect",
    network: network.name,
  }));
}

interface LiveContainer {
  readonly slot: Slot;
  readonly current: ObservedContainer;
  readonly findings: readonly Finding[];
  readonly kind: "changed" | "drifted";
}

function decideMends(service: DesiredService, live: LiveContainer, input: PlanInput): Decision {
  const { slot, current, findings } = live;
  const isOurs = isLeftover(live);
  const kind = isOurs && findings.length === 0 ? "changed" : live.kind;
  const updates = findings.filter((finding) => finding.remedy === "update");
  const reconnects = findings.filter((finding) => finding.remedy === "reconnect");
  const fields = findings.map((finding) => finding.difference);
  const mends: Mend[] = [];
  if (current.name !== slot.name) {
    mends.push({ kind: "rename" });
    if (!isOurs) fields.push({ field: "name", want: slot.name, have: current.name });
  }
  if (updates.length > 0) mends.push({ kind: "update", findings: updates });
  if (reconnects.length > 0) {
    mends.push({ kind: "reconnect", networks: reconnects.flatMap(({ network }) => network ?? []) });
  }
  const state = decideState(service, current, input);
  if (state) {
    mends.push({ kind: state });
    if (!isOurs) fields.push({ field: "state", want: state === "stop" ? "stopped" : "running", have: describeState(current.state) });
  }
  return mends.length === 0 ? { kind: "keep", current } : { kind: "mend", current, cause: { kind, fields }, mends };
}

/** What a pass that was cut short or failed left behind, which nobody on the host did: put aside, or not started yet. */
function isLeftover({ current, slot }: Pick<LiveContainer, "current" | "slot">): boolean {
  if (current.name === asideName(current.id, slot.name)) return true;
  return current.state.status === "created" && current.labels[holdfastLabel.revision] !== undefined;
}

/** What brings a container to the state that git asks for; undefined when it is in it. */
function decideState(
  service: DesiredService,
  current: ObservedContainer,
  input: PlanInput,
): "start" | "stop" | "unpause" | undefined {
  const { status } = current.state;
  if (service.desired === "stopped") {
    return status === "running" || status === "restarting" || status === "paused" ? "stop" : undefined;
  }
  if (status === "paused") return "unpause";
  if (status === "running" || status === "restarting" || status === "removing") return undefined;
  return isComplete(service, current, input) ? undefined : "start";
}

/**
 * The container that answers for the slot: the one made from what git says now, whatever its name (an apply may have
 * been cut short, or a rollback goes back to a predecessor); else the one that runs; else the newest.
 */
function chooseCurrent(service: DesiredService, slot: Slot, input: PlanInput): ObservedContainer | undefined {
  const wanted = serviceDigest(service, input.digestKey);
  const usable = slot.candidates.filter((container) =>
    container.state.status !== "dead" && container.state.status !== "removing"
  );
  return usable.find((container) => recordedDigest(service, container, input) === wanted) ??
    usable.find((container) => container.state.status === "running") ??
    usable.find((container) => container.name === slot.name) ??
    usable[0];
}

/** The ledger's digest for a container that was adopted without our label, else the label's. */
function recordedDigest(service: DesiredService, container: ObservedContainer, input: PlanInput): string | undefined {
  const known = input.inventory.services[service.key];
  return container.labels[holdfastLabel.digest] ?? (known?.containerId === container.id ? known.digest : undefined);
}

interface Compared {
  readonly current: ObservedContainer;
  readonly findings: readonly Finding[];
  readonly peers: Peers;
}

/** Findings in which the applied revision differs from the host as the new one does: git did not touch those fields. */
function driftedBefore(service: DesiredService, { current, findings, peers }: Compared, input: PlanInput): Finding[] {
  const before = input.appliedDesired?.services.get(service.key);
  if (!input.appliedDesired || !before) return [];
  const asApplied = { ...before, spec: resolvePeers(before.spec, peers) };
  const known = findingsOf(asApplied, current, {
    input: { ...input, desired: input.appliedDesired },
    digest: "changed",
  });
  return findings.filter(({ difference }) =>
    known.some((other) => other.difference.field === difference.field && other.difference.want === difference.want)
  );
}

/** The fields that git changed; where none of them shows on the live container, that its definition did. */
function changedFields(service: DesiredService, findings: readonly Finding[], input: PlanInput): FieldDifference[] {
  if (findings.length > 0) return findings.map((finding) => finding.difference);
  return [{
    field: "definition",
    want: "as in git",
    have: "older",
    position: input.desired.positionOf(`services.${service.key}`),
  }];
}
