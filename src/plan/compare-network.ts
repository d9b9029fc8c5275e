import { canonicalAddress, parseAddress, parseSubnet } from "../model/addresses.ts";
import type { IpamConfig } from "../model/container.ts";
import type { DesiredNetwork } from "../model/desired.ts";
import { defaultIpamDriver, defaultNetworkDriver } from "../model/engine-defaults.ts";
import type { RecordedDefinition } from "../model/ledger.ts";
import type { ObservedNetwork } from "../model/observed.ts";
import { compareDefinition, type DefinitionVerdict } from "./compare-definition.ts";
import { networkDefinition } from "./definition.ts";
import type { PlanInput } from "./input.ts";

/**
 * In what a network is not what git says. Subnets, addresses and options that the daemon chose itself are no difference,
 * nor is the order of the subnets; values that come from keys are masked.
 *
 * @param recorded what it was made from or taken over with, as far as that is known
 */
export function compareNetwork(
  want: DesiredNetwork,
  have: ObservedNetwork,
  { input, recorded }: {
    readonly input: Pick<PlanInput, "desired" | "digestKey">;
    readonly recorded: RecordedDefinition | undefined;
  },
): DefinitionVerdict {
  const { configs } = want.spec.ipam;
  const seenAs = (seen: readonly IpamConfig[]) =>
    networkDefinition({ ...have.spec, ipam: { ...have.spec.ipam, configs: seen }, enableIpv4 });
  const enableIpv4 = have.spec.enableIpv4 ?? want.spec.enableIpv4; // before Docker 28 the Engine does not tell
  return compareDefinition({
    path: ["networks", want.key],
    want: networkDefinition(want.spec),
    have: seenAs(asAsked(have.spec.ipam.configs, configs, () => true)),
    haveMoved: seenAs(asAsked(have.spec.ipam.configs, configs, isFirstAddress)),
    defaults,
    fixed: ["driver", "internal", "attachable", "ipam.driver"],
    isOperators: (key) => key !== "ipam.config",
    recorded,
    labels: have.labels,
    configHash: want.configHash,
  }, input);
}

const defaults = {
  "driver": defaultNetworkDriver,
  "internal": "false",
  "attachable": "false",
  "enable_ipv4": "true",
  "enable_ipv6": "false",
  "ipam.driver": defaultIpamDriver,
};

/**
 * The subnets of a network, as far as git asks for them: for an IP version of which it gives no subnet the Engine takes
 * one of its own, and where it gives no gateway the first address.
 *
 * @param isChosen whether a gateway that git does not name is the Engine's choice
 */
function asAsked(
  have: readonly IpamConfig[],
  want: readonly IpamConfig[],
  isChosen: (config: IpamConfig) => boolean,
): readonly IpamConfig[] {
  if (want.length === 0) return have;
  const isIpv6 = ({ subnet = "" }: IpamConfig): boolean => subnet.includes(":");
  const families = new Set(want.filter(({ subnet }) => subnet !== undefined).map(isIpv6));
  const seen = families.size === 0 ? have : have.filter((config) => families.has(isIpv6(config)));
  const asked = new Map(want.map((config) => [canonicalAddress(config.subnet ?? ""), config]));
  return seen.map((config) => {
    const { gateway } = asked.get(canonicalAddress(config.subnet ?? "")) ?? {};
    return !gateway && isChosen(config) ? { ...config, gateway: undefined } : config;
  });
}

/** Of its subnet or of the range in it, where the Engine looks for a gateway. */
function isFirstAddress({ subnet = "", ipRange = "", gateway = "" }: IpamConfig): boolean {
  const address = parseAddress(gateway);
  return !address ||
    [subnet, ipRange].map(parseSubnet).some((range) =>
      range !== undefined && (address.value === range.first || address.value === range.first + 1n)
    );
}
