import { didYouMean } from "../suggest.ts";
import type { ServiceAt } from "./_service-at.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../desired/fields.ts";

/** Keys that the Engine refuses where the network is another container's. */
const ownNetworkKeys = ["ports", "expose", "hostname", "dns", "extra_hosts", "links"] as const;

/** Kernel parameters that belong to the namespace of IPC. */
const ipcSysctl = /^(?:kernel\.(?:msg|sem|shm)|fs\.mqueue\.)/;

/** What a service cannot have where it shares the host's namespaces, or another container's. */
export function checkNamespaces(at: ServiceAt): void {
  checkHostNamespaces(at);
  checkNetworkMode(at);
}

function checkHostNamespaces({ context, service, path }: ServiceAt): void {
  if (textOf(service["uts"]) === "host" && service["hostname"] !== undefined) {
    context.issues.error("COMPOSE_CONFLICT", `${path}.hostname`, {
      message: `${path}.hostname cannot go with \`uts: host\`: the Engine refuses it`,
      hint: "keep one of the two",
    });
  }
  if (textOf(service["ipc"]) === "host") {
    const names = Object.keys(fieldsOf(service["sysctls"]));
    names.filter((name) => ipcSysctl.test(name)).forEach((name) =>
      context.issues.error("COMPOSE_CONFLICT", `${path}.sysctls.${name}`, {
        message: `${path}.sysctls.${name} cannot go with \`ipc: host\`: it would be the host's`,
        hint: "set it on the host, or take `ipc` away",
      })
    );
  }
}

function checkNetworkMode(at: ServiceAt): void {
  const mode = textOf(at.service["network_mode"]);
  if (mode === undefined) return;
  if (/^(?:service|container):/.test(mode)) ownNetworkKeys.forEach((key) => refuseKey(key, mode, at));
  else if (mode === "host") {
    refuseKey("links", mode, at);
    Object.keys(fieldsOf(at.service["sysctls"])).filter((name) => name.startsWith("net.")).forEach((name) =>
      refuseKey(`sysctls.${name}`, mode, at)
    );
    warnOfPorts(mode, at);
  } else if (mode === "none") warnOfPorts(mode, at);
  else warnOfName(mode, at);
}

function refuseKey(key: string, mode: string, { service, path, context }: ServiceAt): void {
  if (!key.startsWith("sysctls.") && isEmpty(service[key])) return;
  context.issues.error("COMPOSE_CONFLICT", `${path}.${key}`, {
    message: `${path}.${key} cannot go with \`network_mode: ${mode}\`: the Engine refuses it`,
    hint: mode === "host"
      ? "keep one of the two"
      : "write it at the service whose network this one shares, or take `network_mode` away",
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function warnOfPorts(mode: string, { service, path, context }: ServiceAt): void {
  if (listOf(service["ports"]).length === 0) return;
  context.issues.warning("COMPOSE_CONFLICT", `${path}.ports`, {
    message: `${path}.ports has no effect with \`network_mode: ${mode}\``,
    hint: mode === "host" ? "take `ports` away: every port of the container is the host's" : "keep one of the two",
  });
}

/** Another word is the name of a network of the host, made by somebody else. */
function warnOfName(mode: string, { path, context }: ServiceAt): void {
  if (mode === "bridge" || mode === "default") return;
  const own = Object.keys(fieldsOf(context.project.model.networks as Fields | undefined));
  context.issues.warning("COMPOSE_VALUE", `${path}.network_mode`, {
    message: `${path}.network_mode is ${context.issues.show(`${path}.network_mode`, mode)}: a network of the host`,
    hint: Object.hasOwn(context.project.model.services, mode)
      ? `write "service:${mode}" to share the network of that service`
      : didYouMean(mode, ["host", "none", "bridge"]) ??
        (own.includes(mode)
          ? `write \`networks: [${mode}]\` for the network of this project`
          : "see that it exists there, or define it below `networks:` as external"),
  });
}
