import { canonicalAddress } from "../model/addresses.ts";
import type { IpamConfig, NetworkSpec, VolumeSpec } from "../model/container.ts";
import { canonicalJson, type DigestKey, keyedDigest } from "../model/digest.ts";
import { defaultIpamDriver, defaultNetworkDriver, defaultVolumeDriver } from "../model/engine-defaults.ts";
import { holdfastLabel } from "../model/labels.ts";
import type { RecordedDefinition } from "../model/ledger.ts";
import type { Labels } from "./step.ts";

/*
 * A network or a volume never changes once it is made. So what it was made from is written on it, and git has changed it
 * when its definition now is another one: also where the host shows nothing of a key that was taken out.
 */

/** Of the way the digests are made; another one on a resource makes its live fields decide instead. */
const definitionVersion = "v1";

/** What is said of a network or a volume: Compose's key → the value, in one spelling of all that mean the same. */
export type Definition = ReadonlyMap<string, string>;

/** Defaults that no configuration of the daemon changes are left out: saying one is saying nothing. */
export function networkDefinition(spec: NetworkSpec): Definition {
  const { ipam } = spec;
  return definition([
    ["driver", unless(defaultNetworkDriver, spec.driver)],
    ...named("driver_opts", spec.driverOptions),
    ["internal", spec.internal ? "true" : undefined],
    ["attachable", spec.attachable ? "true" : undefined],
    ["enable_ipv4", spec.enableIpv4?.toString()],
    ["enable_ipv6", spec.enableIpv6?.toString()],
    ["ipam.driver", unless(defaultIpamDriver, ipam.driver)],
    ...named("ipam.options", ipam.options),
    ["ipam.config", ipam.configs.map(poolText).sort().join(", ") || undefined],
    ...named("labels", spec.labels),
  ]);
}

export function volumeDefinition(spec: VolumeSpec): Definition {
  return definition([
    ["driver", unless(defaultVolumeDriver, spec.driver)],
    ...named("driver_opts", spec.driverOptions),
    ...named("labels", spec.labels),
  ]);
}

/** One address pool in words: `10.5.0.0/16 range 10.5.1.0/24 gateway 10.5.0.9 db=10.5.0.20`. */
export function poolText({ subnet, ipRange, gateway, auxAddresses }: IpamConfig): string {
  return [
    canonicalAddress(subnet ?? ""),
    ipRange ? `range ${canonicalAddress(ipRange)}` : "",
    gateway ? `gateway ${canonicalAddress(gateway)}` : "",
    ...Object.entries(auxAddresses).map(([name, address]) => `${name}=${canonicalAddress(address)}`).sort(),
  ].filter((part) => part !== "").join(" ");
}

/** Digests that tell later whether git moved, and which keys it moved; of their values they tell nothing. */
export function recordDefinition(made: Definition, key: DigestKey): RecordedDefinition {
  return {
    digest: `${definitionVersion}:${key.id}:${keyedDigest(key, canonicalJson([...made]))}`,
    fields: Object.fromEntries([...made].map(([name, value]) => [name, fieldDigest(key, value)])),
  };
}

/** The labels by which a network or a volume tells what it was made from. */
export function definitionLabels(made: Definition, key: DigestKey): Labels {
  const { digest, fields } = recordDefinition(made, key);
  return {
    [holdfastLabel.digest]: digest,
    ...(made.size > 0 ? { [holdfastLabel.fields]: JSON.stringify(fields) } : {}),
  };
}

/** What the labels tell; undefined where there are none of ours that this key made. */
export function labeledDefinition(labels: Labels, key: DigestKey): RecordedDefinition | undefined {
  const digest = labels[holdfastLabel.digest];
  if (digest === undefined || !isOfKey(digest, key)) return undefined;
  try {
    const fields: unknown = JSON.parse(labels[holdfastLabel.fields] ?? "{}");
    return fields !== null && typeof fields === "object" ? { digest, fields: fields as Labels } : undefined;
  } catch {
    return undefined; // somebody else's label
  }
}

/** Whether a digest can be compared at all: with the key lost, or by another way of making it, it tells nothing. */
export function isOfKey(digest: string, key: DigestKey): boolean {
  return digest.startsWith(`${definitionVersion}:${key.id}:`);
}

/** The keys that git says otherwise than before, sorted. */
export function changedKeys(recorded: RecordedDefinition, wanted: Definition, key: DigestKey): string[] {
  return [...new Set([...Object.keys(recorded.fields), ...wanted.keys()])].filter((name) => {
    const value = wanted.get(name);
    return recorded.fields[name] !== (value === undefined ? undefined : fieldDigest(key, value));
  }).sort();
}

function fieldDigest(key: DigestKey, value: string): string {
  return keyedDigest(key, value).slice(0, 16);
}

function definition(entries: readonly (readonly [string, string | undefined])[]): Definition {
  const said = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Map(said.sort(([a], [b]) => a < b ? -1 : 1));
}

function named(prefix: string, values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]);
}

function unless(usual: string, value: string | undefined): string | undefined {
  return value === undefined || value === "" || value === usual ? undefined : value;
}
