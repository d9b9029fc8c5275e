import type { PublishedPort } from "../model/container.ts";
import type { DesiredService } from "../model/desired.ts";
import { publishedPorts } from "../model/engine-defaults.ts";
import { composeLabel } from "../model/labels.ts";
import { addressesMeet } from "../model/ports.ts";
import { portText } from "./container-fields.ts";
import type { Decision, Slot } from "./decision.ts";
import { missingFeature } from "./engine-limits.ts";
import type { PlanInput } from "./input.ts";

/** What stands in the way and is not ours to move. */
export function findObstacle(service: DesiredService, slot: Slot, input: PlanInput): Decision | undefined {
  const resource = `service/${service.key}`;
  const own = new Set(slot.candidates.map((container) => container.id));
  const holder = input.observed.containers.find((container) => container.name === slot.name && !own.has(container.id));
  if (holder && holder.labels[composeLabel.project] !== input.desired.project) {
    return blockedBy(resource, {
      message: `Cannot create container "${slot.name}": container ${
        holder.id.slice(0, 12)
      } outside this project has that name`,
      hint: `rename or remove it on the host: docker rename ${slot.name} ${slot.name}-old`,
    });
  }
  const missing = missingFeature(service.spec, input.observed.engine);
  if (missing) {
    const { version, apiVersion } = input.observed.engine;
    return blockedBy(resource, {
      message:
        `Cannot run "${service.key}": ${missing.feature} needs Docker ${missing.since}, and this is ${version} (API ${apiVersion})`,
      hint: `upgrade Docker on the host, or take it out of the Compose file`,
    });
  }
  const external = [...service.spec.networks.map((network) => `network ${network.name}`), ...volumeNames(service)]
    .find((name) => isMissingExternal(name, input));
  if (external) {
    return blockedBy(resource, {
      message: `Cannot run "${service.key}": the external ${external.replace(" ", ' "')}" does not exist on the host`,
      hint: `create it on the host, or list the volume under "volumes" in holdfast.yaml to have it created`,
    });
  }
  const taken = takenPort(service, slot, input);
  if (taken) {
    return blockedBy(resource, {
      message: `Cannot publish "${
        portText(taken.port)
      }": container "${taken.holder}" outside this project has that port`,
      hint: `stop "${taken.holder}", or give one of the two another port`,
    });
  }
  return undefined;
}

interface TakenPort {
  readonly port: PublishedPort;
  /** Docker name. */
  readonly holder: string;
}

/** A fixed host port that somebody else's container publishes already; what one of ours holds nobody else can have. */
function takenPort(service: DesiredService, slot: Slot, { observed }: PlanInput): TakenPort | undefined {
  if (service.desired === "stopped") return undefined;
  const held = slot.candidates.filter(({ state }) => state.status === "running").flatMap(({ spec }) => spec.ports);
  for (const port of publishedPorts(service.spec)) {
    if (held.some((own) => own.published === port.published && own.protocol === port.protocol)) continue;
    for (const [address, holder] of observed.foreignPorts) {
      const [, ip = "", number, protocol] = /^(.*):(\d+)\/(\w+)$/.exec(address) ?? [];
      if (number === port.published && protocol === port.protocol && addressesMeet(ip, port.hostIp)) {
        return { port, holder };
      }
    }
  }
  return undefined;
}

function blockedBy(resource: string, what: { readonly message: string; readonly hint: string }): Decision {
  return { kind: "blocked", notice: { resource, severity: "error", ...what, fields: [] } };
}

function volumeNames(service: DesiredService): string[] {
  return service.spec.mounts.filter((mount) => mount.type === "volume" && mount.source !== "").map((mount) =>
    `volume ${mount.source}`
  );
}

function isMissingExternal(what: string, { desired, observed }: PlanInput): boolean {
  const [kind, name] = what.split(" ");
  if (kind === "network") {
    const wanted = [...desired.networks.values()].find((network) => network.spec.name === name);
    return wanted?.external === true && !observed.networks.some((network) => network.name === name);
  }
  const wanted = [...desired.volumes.values()].find((volume) => volume.spec.name === name);
  return wanted?.external === true && !wanted.create && !observed.volumes.some((volume) => volume.name === name);
}
