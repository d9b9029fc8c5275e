import type { NetworkSpec, VolumeSpec } from "../../model/container.ts";
import { type Fields, fieldsOf, flagOf, listOf, said, textMapOf, textOf } from "./fields.ts";

/** A network, as Compose would ask the Engine for it. */
export function networkSpec(network: Fields): NetworkSpec {
  const ipam = fieldsOf(network["ipam"]);
  return said({
    name: textOf(network["name"]) ?? "",
    driver: textOf(network["driver"]),
    driverOptions: textMapOf(network["driver_opts"]),
    internal: flagOf(network["internal"]) ?? false,
    attachable: flagOf(network["attachable"]) ?? false,
    enableIpv4: flagOf(network["enable_ipv4"]),
    enableIpv6: flagOf(network["enable_ipv6"]),
    ipam: said({
      driver: textOf(ipam["driver"]),
      options: {},
      configs: listOf(ipam["config"]).map(fieldsOf).map((pool) =>
        said({
          subnet: textOf(pool["subnet"]),
          ipRange: textOf(pool["ip_range"]),
          gateway: textOf(pool["gateway"]),
          auxAddresses: textMapOf(pool["aux_addresses"]),
        })
      ),
    }),
    labels: textMapOf(network["labels"]),
  });
}

/** A volume, as Compose would ask the Engine for it. */
export function volumeSpec(volume: Fields): VolumeSpec {
  return said({
    name: textOf(volume["name"]) ?? "",
    driver: textOf(volume["driver"]),
    driverOptions: textMapOf(volume["driver_opts"]),
    labels: textMapOf(volume["labels"]),
  });
}
