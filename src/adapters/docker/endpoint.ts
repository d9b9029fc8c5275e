import type { NetworkAttachment } from "../../model/container.ts";
import { type ApiEndpoint, defined } from "./api.ts";

/** A network attachment as ContainerCreate and NetworkConnect take it. */
export function endpointSettings(
  attachment: NetworkAttachment,
  options: { readonly api: number; readonly links: readonly string[] },
): ApiEndpoint {
  const { ipv4Address, ipv6Address, linkLocalIps } = attachment;
  const addressed = ipv4Address || ipv6Address || linkLocalIps.length > 0;
  return defined({
    Aliases: attachment.aliases,
    IPAMConfig: addressed
      ? defined({
        IPv4Address: ipv4Address,
        IPv6Address: ipv6Address,
        LinkLocalIPs: linkLocalIps.length > 0 ? linkLocalIps : undefined,
      })
      : undefined,
    Links: options.links.length > 0 ? options.links : undefined,
    DriverOpts: Object.keys(attachment.driverOptions).length > 0 ? attachment.driverOptions : undefined,
    MacAddress: options.api >= 44 ? attachment.macAddress : undefined,
    GwPriority: options.api >= 48 ? attachment.gatewayPriority : undefined,
  });
}

/**
 * An endpoint as it was asked for.
 *
 * @param containerId the Engine adds its first 12 digits to the aliases, and on 20.10 the hostname behind them
 */
export function readEndpoint(
  endpoint: ApiEndpoint,
  names: { readonly key: string; readonly name: string; readonly containerId: string; readonly hostname: string },
): NetworkAttachment {
  const { IPAMConfig: addresses, DriverOpts, MacAddress, GwPriority } = endpoint;
  return {
    key: names.key,
    name: names.name,
    aliases: ownAliases(endpoint.Aliases ?? [], names),
    ...(addresses?.IPv4Address ? { ipv4Address: addresses.IPv4Address } : {}),
    ...(addresses?.IPv6Address ? { ipv6Address: addresses.IPv6Address } : {}),
    linkLocalIps: addresses?.LinkLocalIPs ?? [],
    ...(MacAddress ? { macAddress: MacAddress } : {}),
    driverOptions: { ...DriverOpts },
    ...(GwPriority ? { gatewayPriority: GwPriority } : {}),
  };
}

function ownAliases(
  aliases: readonly string[],
  names: { readonly containerId: string; readonly hostname: string },
): string[] {
  const shortId = names.containerId.slice(0, 12);
  const at = aliases.indexOf(shortId);
  const own = at < 0
    ? aliases
    : [...aliases.slice(0, at), ...aliases.slice(at + 1).filter((alias) => alias !== names.hostname)];
  return [...new Set(own)].sort();
}
