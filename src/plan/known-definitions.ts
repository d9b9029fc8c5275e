import type { DigestKey } from "../model/digest.ts";
import type { DesiredState } from "../model/desired.ts";
import type { Inventory, KnownDefinition, RecordedDefinition } from "../model/ledger.ts";
import type { ObservedState } from "../model/observed.ts";
import { isOfKey, labeledDefinition, networkDefinition, recordDefinition, volumeDefinition } from "./definition.ts";

/** The host after a pass, and what it was brought to. */
export interface Settled {
  readonly desired: Pick<DesiredState, "networks" | "volumes">;
  readonly observed: Pick<ObservedState, "networks" | "volumes">;
  readonly key: DigestKey;
}

/**
 * What each network and volume was made from, or, where somebody else made it, what git said when it was taken over: by
 * that a later pass sees that git moved, or that somebody made the network again.
 */
export function knownDefinitions(
  before: Inventory["definitions"],
  { desired, observed, key }: Settled,
): Readonly<Record<string, KnownDefinition>> {
  const known = new Map<string, KnownDefinition>();
  const add = (resource: string, id: string, made: RecordedDefinition): void => {
    const kept = before?.[resource];
    known.set(resource, kept?.id === id && isOfKey(kept.digest, key) ? kept : { id, ...made });
  };
  for (const { external, spec } of desired.networks.values()) {
    const [have, other] = observed.networks.filter(({ name }) => name === spec.name);
    if (external || !have || other) continue;
    const made = labeledDefinition(have.labels, key) ?? recordDefinition(networkDefinition(spec), key);
    add(`network/${have.name}`, have.id, made);
  }
  for (const { external, spec } of desired.volumes.values()) {
    const have = observed.volumes.find(({ name }) => name === spec.name);
    if (external || !have || labeledDefinition(have.labels, key)) continue;
    add(`volume/${have.name}`, "", recordDefinition(volumeDefinition(spec), key));
  }
  return Object.fromEntries([...known].sort(([a], [b]) => a < b ? -1 : 1));
}
