import { composeLabel } from "../model/labels.ts";
import type { RecordedDefinition } from "../model/ledger.ts";
import type { FieldDifference } from "./cause.ts";
import { changedKeys, type Definition, recordDefinition } from "./definition.ts";
import type { PlanInput } from "./input.ts";
import { valueText } from "./option-text.ts";
import type { Labels } from "./step.ts";

/** A network or a volume, as git wants it and as the host shows it. */
export interface ComparedDefinition {
  /** In the Compose model: `["networks", "back"]`. */
  readonly path: readonly [kind: string, key: string];
  readonly want: Definition;
  /** In the words of `want`: what the Engine chose by itself where git says nothing is left out. */
  readonly have: Definition;
  /** The same with what git said once and takes out now, as far as the host shows it. */
  readonly haveMoved?: Definition;
  /** What a key is that nobody says; of the keys of `fixed`, whatever the daemon's configuration. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly fixed: readonly string[];
  /** Keys that the Engine gives no value of its own: on the host they are somebody's. */
  readonly isOperators: (key: string) => boolean;
  /** What it was made from, as far as the key can tell. */
  readonly recorded: RecordedDefinition | undefined;
  readonly labels: Labels;
  readonly configHash: string;
}

export interface DefinitionVerdict {
  /** `changed`: git moved since it was made; `same`: it did not, and what differs (perhaps nothing) is the host's. */
  readonly git: "changed" | "same";
  readonly fields: readonly FieldDifference[];
}

/**
 * Whether git moved since a network or a volume was made, and in what the host is not as git says. A change of git that
 * shows nowhere on the host is none: the resource is what git asks for already.
 */
export function compareDefinition(
  compared: ComparedDefinition,
  input: Pick<PlanInput, "desired" | "digestKey">,
): DefinitionVerdict {
  const { want, recorded, labels, configHash } = compared;
  const fieldsOf = (keys: readonly string[], sides = compared) =>
    keys.filter((key) => side("want", key, sides) !== side("have", key, sides))
      .map((key) => fieldDifference(key, sides, input));
  const differing = [...new Set([...want.keys(), ...compared.fixed])].sort();
  if (recorded && recorded.digest !== recordDefinition(want, input.digestKey).digest) {
    const sides = { ...compared, have: compared.haveMoved ?? compared.have };
    const fields = fieldsOf(changedKeys(recorded, want, input.digestKey), sides);
    if (fields.length > 0) return { git: "changed", fields };
  }
  const hash = labels[composeLabel.configHash];
  if (!recorded && hash !== undefined && hash !== configHash) { // Compose's word, where we have none
    const unsaid = [...compared.have.keys()].filter((key) => !want.has(key) && compared.isOperators(key));
    const fields = fieldsOf([...new Set([...differing, ...unsaid])].sort());
    if (fields.length > 0) return { git: "changed", fields };
  }
  return { git: "same", fields: fieldsOf(differing) };
}

function side(which: "want" | "have", key: string, compared: ComparedDefinition): string {
  return compared[which].get(key) ?? compared.defaults[key] ?? "";
}

function fieldDifference(
  key: string,
  compared: ComparedDefinition,
  input: Pick<PlanInput, "desired" | "digestKey">,
): FieldDifference {
  const [kind, name] = compared.path;
  const [section = "", option] = splitKey(key);
  const path = [kind, name, section, ...(option === undefined ? [] : [option])];
  const masking = { ...input, labels: compared.labels };
  return {
    field: fieldWords[section] === undefined ? key : [fieldWords[section], option].filter(Boolean).join(" "),
    want: valueText(path, side("want", key, compared), masking),
    have: valueText(path, side("have", key, compared), masking),
    position: input.desired.positionOf(`${kind}.${name}.${key}`),
  };
}

/** `driver_opts.com.docker.network.driver.mtu` is the option behind the first dot; `ipam.config` is one key. */
function splitKey(key: string): [section: string, option?: string] {
  const section = ["driver_opts", "labels", "ipam.options"].find((prefix) => key.startsWith(`${prefix}.`));
  return section === undefined ? [key] : [section, key.slice(section.length + 1)];
}

const fieldWords: Readonly<Record<string, string>> = {
  "driver_opts": "driver option",
  "labels": "label",
  "enable_ipv4": "IPv4",
  "enable_ipv6": "IPv6",
  "ipam.driver": "IPAM driver",
  "ipam.options": "IPAM option",
  "ipam.config": "subnets",
};
