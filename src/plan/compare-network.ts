import type { IpamConfig } from "../model/container.ts";
import type { DesiredNetwork } from "../model/desired.ts";
import { defaultIpamDriver, defaultNetworkDriver } from "../model/engine-defaults.ts";
import type { ObservedNetwork } from "../model/observed.ts";
import type { FieldDifference } from "./cause.ts";
import type { PlanInput } from "./input.ts";
import { optionText, valueText } from "./option-text.ts";

/**
 * Options of a network that are not git's. Subnets that the Engine chose itself are no difference; values that come from
 * keys are masked.
 */
export function compareNetwork(
  want: DesiredNetwork,
  have: ObservedNetwork,
  input: Pick<PlanInput, "desired" | "digestKey">,
): FieldDifference[] {
  const path = (key: string) => ["networks", want.key, key];
  const masking = { ...input, labels: have.labels };
  const rows: readonly (readonly [field: string, key: string, want: string, have: string])[] = [
    ["driver", "driver", want.spec.driver ?? defaultNetworkDriver, have.spec.driver ?? defaultNetworkDriver],
    [
      "driver options",
      "driver_opts",
      optionText(path("driver_opts"), want.spec.driverOptions, masking),
      optionText(path("driver_opts"), asked(have.spec.driverOptions, want.spec.driverOptions), masking),
    ],
    ["internal", "internal", String(want.spec.internal), String(have.spec.internal)],
    ["attachable", "attachable", String(want.spec.attachable), String(have.spec.attachable)],
    ["IPv6", "enable_ipv6", String(want.spec.enableIpv6 ?? false), String(have.spec.enableIpv6 ?? false)],
    ["IPAM driver", "ipam", want.spec.ipam.driver ?? defaultIpamDriver, have.spec.ipam.driver ?? defaultIpamDriver],
    ...(want.spec.ipam.configs.length === 0 ? [] : [
      [
        "subnets",
        "ipam",
        subnets(want.spec.ipam.configs, want.spec.ipam.configs),
        subnets(sameFamilies(have.spec.ipam.configs, want.spec.ipam.configs), want.spec.ipam.configs),
      ] as const,
    ]),
  ];
  return rows.filter(([, , wanted, found]) => wanted !== found).map(([field, key, wanted, found]) => ({
    field,
    want: key === "driver_opts" ? wanted : valueText(path(key), wanted, masking), // each option is judged by itself
    have: key === "driver_opts" ? found : valueText(path(key), found, masking),
    position: input.desired.positionOf(`networks.${want.key}.${key}`),
  }));
}

/** Engines add options of their own: only those that git names are compared. */
function asked(have: Readonly<Record<string, string>>, want: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(have).filter(([name]) => name in want));
}

/** For an IP version of which git gives no subnet the Engine takes one of its own. */
function sameFamilies(have: readonly IpamConfig[], want: readonly IpamConfig[]): readonly IpamConfig[] {
  const isIpv6 = ({ subnet = "" }: IpamConfig): boolean => subnet.includes(":");
  const families = new Set(want.filter(({ subnet }) => subnet !== undefined).map(isIpv6));
  return families.size === 0 ? have : have.filter((config) => families.has(isIpv6(config)));
}

function subnets(configs: readonly IpamConfig[], want: readonly IpamConfig[]): string {
  return configs.map((config, index) => {
    const gateway = want[index]?.gateway === undefined ? "" : config.gateway ?? ""; // unasked, the Engine takes the first address
    return [config.subnet ?? "", config.ipRange ?? "", gateway, pairs(config.auxAddresses)].join(" ").trim();
  }).sort().join(", ");
}

function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`).sort().join(" ");
}
