import type { NetworkSpec } from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import type { ObservedNetwork } from "../../model/observed.ts";
import { type ApiContainerEntry, type ApiNetwork, defined, sortedMap } from "./api.ts";
import { entryName } from "./peers.ts";
import { operatorLabels } from "./read-container.ts";

/** The body of NetworkCreate. */
export function networkBody(spec: NetworkSpec, labels: Readonly<Record<string, string>>, api: number): object {
  const { driver, options, configs } = spec.ipam;
  return defined({
    Name: spec.name,
    CheckDuplicate: api < 44 ? true : undefined, // later Engines always check
    Driver: spec.driver,
    Options: Object.keys(spec.driverOptions).length > 0 ? spec.driverOptions : undefined,
    Internal: spec.internal,
    Attachable: spec.attachable,
    EnableIPv4: api >= 48 ? spec.enableIpv4 : undefined,
    EnableIPv6: spec.enableIpv6,
    IPAM: driver || configs.length > 0 || Object.keys(options).length > 0
      ? {
        Driver: driver ?? "default",
        Options: options,
        Config: configs.map((config) =>
          defined({
            Subnet: config.subnet,
            IPRange: config.ipRange,
            Gateway: config.gateway,
            AuxiliaryAddresses: Object.keys(config.auxAddresses).length > 0 ? config.auxAddresses : undefined,
          })
        ),
      }
      : undefined,
    Labels: { ...spec.labels, ...labels },
  });
}

/** @param containers all of the host: a list of networks does not tell who is connected, and no Engine who is stopped */
export function readNetwork(network: ApiNetwork, containers: readonly ApiContainerEntry[]): ObservedNetwork {
  const members = containers.filter(({ NetworkSettings }) =>
    Object.entries(NetworkSettings?.Networks ?? {}).some(([name, { NetworkID: id }]) =>
      id ? id === network.Id : name === network.Name // a container that never ran knows its networks by name
    )
  );
  return {
    id: network.Id,
    name: network.Name,
    labels: sortedMap(network.Labels),
    spec: readNetworkSpec(network),
    members: members.map((entry) => ({ id: entry.Id, name: entryName(entry), isUp: upStates.has(entry.State) }))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}

const upStates: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

function readNetworkSpec(network: ApiNetwork): NetworkSpec {
  return defined({
    name: network.Name,
    driver: network.Driver,
    driverOptions: sortedMap(network.Options),
    internal: network.Internal ?? false,
    attachable: network.Attachable ?? false,
    enableIpv4: network.EnableIPv4,
    enableIpv6: network.EnableIPv6 ?? false,
    ipam: {
      driver: network.IPAM?.Driver,
      options: sortedMap(network.IPAM?.Options),
      configs: (network.IPAM?.Config ?? []).map((config) =>
        defined({
          subnet: config.Subnet || undefined,
          ipRange: config.IPRange || undefined,
          gateway: config.Gateway || undefined,
          auxAddresses: sortedMap(config.AuxiliaryAddresses),
        })
      ),
    },
    labels: operatorLabels(network.Labels),
  });
}
