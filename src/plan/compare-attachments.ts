import { canonicalAddress, canonicalMac } from "../model/addresses.ts";
import type { NetworkAttachment } from "../model/container.ts";
import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import type { ObservedContainer } from "../model/observed.ts";
import type { Position } from "../model/position.ts";
import type { Finding } from "./finding.ts";

/** Networks that a container is not connected to as git says. A live container is reconnected, not recreated. */
export function compareAttachments(
  service: DesiredService,
  have: ObservedContainer,
  place: (key: string) => Position | undefined,
): Finding[] {
  if (service.spec.networkMode !== undefined) return []; // the mode is a field of its own
  const { networkMode: mode } = have.spec;
  const [main] = service.spec.networks;
  if (main && mode !== undefined) { // what is in no network of its own, or in another's, can be connected to none
    const difference = { field: "network mode", want: main.name, have: mode, position: place("networks") };
    return [{ key: "network_mode", difference, remedy: "recreate" }];
  }
  const wanted = new Map(service.spec.networks.map((network) => [network.name, network]));
  const found = new Map(have.spec.networks.map((network) => [network.name, network]));
  const findings: Finding[] = [];
  for (const name of [...new Set([...wanted.keys(), ...found.keys()])].sort(compareText)) {
    const want = wanted.get(name);
    const has = found.get(name);
    if (attachmentText(want, want, service.name) === attachmentText(has, want, service.name)) continue;
    const difference = { want: attachmentText(want, want), have: attachmentText(has, want) };
    const key = `networks.${want?.key ?? name}`;
    findings.push({
      key,
      difference: { field: `network ${want?.key ?? name}`, ...difference, position: want && place(key) },
      remedy: "reconnect",
      network: name,
    });
  }
  return findings;
}

/**
 * One attachment in words: only what git asks for counts, since the Engine fills in the rest.
 *
 * @param name of the container: every Engine knows it by that, with the alias (Compose 2 adds it) and without (1.29)
 */
function attachmentText(
  attachment: NetworkAttachment | undefined,
  want: NetworkAttachment | undefined,
  name?: string,
): string {
  if (!attachment) return "";
  const asked = want ? attachment.aliases.filter((alias) => want.aliases.includes(alias)) : attachment.aliases;
  const aliases = asked.filter((alias) => alias !== name);
  return [
    "connected",
    aliases.length > 0 ? `as ${[...new Set(aliases)].sort(compareText).join(", ")}` : "",
    want?.ipv4Address ? canonicalAddress(attachment.ipv4Address ?? "") : "",
    want?.ipv6Address ? canonicalAddress(attachment.ipv6Address ?? "") : "",
    want?.macAddress ? canonicalMac(attachment.macAddress ?? "") : "",
    want?.gatewayPriority ? `gateway priority ${attachment.gatewayPriority ?? 0}` : "",
  ].filter((part) => part !== "").join(" ");
}
