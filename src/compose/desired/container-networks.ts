import type { ComposeService } from "../../model/compose.ts";
import type { NetworkAttachment } from "../../model/container.ts";
import { compareText } from "../../model/issue.ts";
import type { LoadedProject } from "../load.ts";
import { containerName, nameSeparator } from "./container-name.ts";
import { type Fields, fieldsOf, numberOf, said, textMapOf, textOf, textsOf } from "./fields.ts";
import { replicasOf } from "./replicas.ts";

/** The networks of a container, in the order in which Compose connects them. */
export function attachmentsOf(key: string, project: LoadedProject): readonly NetworkAttachment[] {
  const networks = fieldsOf(project.model.services[key]!["networks"]);
  return networkOrder(networks).map((name) => attachment(name, fieldsOf(networks[name]), { key, project }));
}

/** The networks of a service by priority, then by key: the first one is the container's main network. */
export function networkOrder(networks: Fields): readonly string[] {
  const priorityOf = (name: string): number => numberOf(fieldsOf(networks[name])["priority"]) ?? 0;
  return Object.keys(networks).sort((a, b) => priorityOf(b) - priorityOf(a) || compareText(a, b));
}

function attachment(
  name: string,
  network: Fields,
  of: { readonly key: string; readonly project: LoadedProject },
): NetworkAttachment {
  const interfaceName = textOf(network["interface_name"]);
  // several containers share this spec, and the Engine knows each by its own name anyway
  const { model } = of.project;
  const names = replicasOf(model.services[of.key]!) > 1 ? [of.key] : [containerName(of.project, of.key), of.key];
  const aliases = [...names, ...textsOf(network["aliases"])];
  return said({
    key: name,
    name: textOf(fieldsOf(model.networks?.[name])["name"]) ?? name,
    aliases: [...new Set(aliases)].sort(compareText),
    ipv4Address: textOf(network["ipv4_address"]),
    ipv6Address: textOf(network["ipv6_address"]),
    linkLocalIps: textsOf(network["link_local_ips"]),
    macAddress: textOf(network["mac_address"]),
    driverOptions: {
      ...textMapOf(network["driver_opts"]),
      ...(interfaceName !== undefined && { "com.docker.network.endpoint.ifname": interfaceName }),
    },
    gatewayPriority: numberOf(network["gw_priority"]),
  });
}

/** Each container of a linked service under the link's alias and the names that Compose gives its first container. */
export function linksOf(service: ComposeService, project: LoadedProject): readonly string[] {
  const { model } = project;
  const separator = nameSeparator(project);
  const own = textsOf(service["links"]).flatMap((link) => {
    const [target = "", alias = target] = link.split(":");
    const first = containerName(project, target);
    const count = model.services[target] ? replicasOf(model.services[target]) : 1;
    const names = Array.from(
      { length: count },
      (_, index) => index === 0 ? first : first.replace(/1$/, `${index + 1}`),
    );
    return names.flatMap((name) =>
      [alias, [target, "1"].join(separator), [model.name, target, "1"].join(separator)].map((as) => `${name}:${as}`)
    );
  });
  const external = textsOf(service["external_links"]).map((link) => link.includes(":") ? link : `${link}:${link}`);
  return [...own, ...external];
}
