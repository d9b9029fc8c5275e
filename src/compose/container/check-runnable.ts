import type { ComposeService } from "../../model/compose.ts";
import { compareText } from "../../model/issue.ts";
import { formatPosition } from "../../model/position.ts";
import { parseExpose, parseRestartPolicy, replicasOf } from "./container-spec.ts";
import type { DesiredContext } from "../desired.ts";
import { fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import { checkIgnored } from "./check-ignored.ts";
import { refusedServiceKeys } from "../keys.ts";
import { isIpv4, isIpv6, parsePortRange } from "../forms/ports.ts";
import { parseDuration } from "../types/units.ts";

/**
 * What Compose accepts and a host cannot run, or runs otherwise than an operator expects: found here, before anything is
 * changed, rather than by the Engine in the middle of an apply.
 */
export function checkRunnable(context: DesiredContext): void {
  for (const [key, service] of Object.entries(context.project.model.services)) {
    const at: ServiceAt = { context, service, key, path: `services.${key}` };
    checkKeys(at);
    checkIgnored(service, at.path, context.issues);
    checkImage(at);
    checkCount(at);
    checkValues(at);
    checkMounts(at);
    checkNetworkAddresses(at);
    checkHealth(at);
  }
  checkPublishedPorts(context);
}

interface ServiceAt {
  readonly context: DesiredContext;
  readonly service: ComposeService;
  readonly key: string;
  readonly path: string;
}

function checkKeys({ context, service, path }: ServiceAt): void {
  for (const [key, reason] of Object.entries(refusedServiceKeys)) {
    if (service[key] === undefined) continue;
    context.issues.error("KEY_REFUSED", `${path}.${key}`, {
      message: `${path}.${key}: ${reason}`,
      hint: `take \`${key}\` away`,
    });
  }
}

function checkImage({ context, service, key, path }: ServiceAt): void {
  if (service["image"] !== undefined || service["provider"] !== undefined) return;
  context.issues.error("SERVICE_BUILD_ONLY", `${path}.build`, {
    message: `The service "${key}" has \`build\` and no \`image\`: holdfast does not build`,
    hint: "build the image elsewhere, push it, and name it with `image`",
  });
}

/** Several containers cannot share one port of the host. */
function checkCount({ context, service, key, path }: ServiceAt): void {
  const count = replicasOf(service);
  if (count <= 1) return;
  listOf(service["ports"]).map(fieldsOf).forEach((port, index) => {
    const range = parsePortRange(textOf(port["published"]) ?? "");
    if (!range || range.start === 0 || range.end - range.start + 1 >= count) return;
    context.issues.error("PORT_CONFLICT", `${path}.ports[${index}]`, {
      message: `The ${count} containers of "${key}" would all publish port ${
        context.issues.show(`${path}.ports[${index}].published`, textOf(port["published"]) ?? "")
      }`,
      hint: "publish a range of ports, or none and put a proxy in front",
    });
  });
}

function checkValues({ context, service, path }: ServiceAt): void {
  const { issues } = context;
  if (!parseRestartPolicy(service)) {
    issues.error("RESTART_POLICY", `${path}.restart`, {
      message: `${path}.restart is ${
        issues.show(`${path}.restart`, textOf(service["restart"]) ?? "(in deploy)")
      }, which the Engine does not know`,
      hint: "write no, always, unless-stopped, on-failure or on-failure:3",
    });
  }
  textsOf(service["expose"]).forEach((text, index) => {
    if (parseExpose(text)) return;
    issues.error("COMPOSE_VALUE", `${path}.expose[${index}]`, {
      message: `${path}.expose[${index}] is ${issues.show(`${path}.expose[${index}]`, text)}, no port`,
      hint: "write a port such as 80 or 80/udp",
    });
  });
  const grace = textOf(service["stop_grace_period"]);
  if (grace !== undefined && (parseDuration(grace) ?? 0n) < 0n) {
    issues.error("COMPOSE_VALUE", `${path}.stop_grace_period`, {
      message: `${path}.stop_grace_period is negative`,
      hint: "write a duration such as 10s",
    });
  }
  checkMac(textOf(service["mac_address"]), `${path}.mac_address`, context);
}

function checkMac(address: string | undefined, path: string, context: DesiredContext): void {
  if (address === undefined || /^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/.test(address)) return;
  context.issues.error("COMPOSE_VALUE", path, {
    message: `${path} is ${context.issues.show(path, address)}, no MAC address`,
    hint: "write six pairs of hex digits: 02:42:ac:11:00:02",
  });
}

function checkMounts({ context, service, path }: ServiceAt): void {
  listOf(service["volumes"]).map(fieldsOf).forEach((volume, index) => {
    const at = `${path}.volumes[${index}]`;
    const type = textOf(volume["type"]);
    const target = textOf(volume["target"]) ?? "";
    if (type === "cluster" || type === "npipe") {
      context.issues.error("KEY_REFUSED", at, {
        message: `${at} is of type ${type}, which a Linux host outside a swarm has not`,
        hint: "use a volume or a bind",
      });
    } else if (/^[A-Za-z]:/.test(target)) {
      context.issues.error("COMPOSE_VALUE", at, {
        message: `${at}: Compose takes ${
          context.issues.show(`${at}.target`, target)
        } for a path on a Windows drive and would make an anonymous volume there`,
        hint: "give the volume a name of two letters or more",
      });
    } else if (!target.startsWith("/")) {
      context.issues.error("COMPOSE_VALUE", at, {
        message: `${at} is mounted at ${context.issues.show(`${at}.target`, target)}, which is no absolute path`,
        hint: "write the whole path inside the container",
      });
    }
  });
}

function checkNetworkAddresses({ context, service, path }: ServiceAt): void {
  for (const [name, value] of Object.entries(fieldsOf(service["networks"]))) {
    const network = fieldsOf(value);
    const at = `${path}.networks.${name}`;
    const ipv4 = textOf(network["ipv4_address"]);
    const ipv6 = textOf(network["ipv6_address"]);
    if (ipv4 !== undefined && !isIpv4(ipv4)) {
      context.issues.error("COMPOSE_VALUE", `${at}.ipv4_address`, {
        message: `${at}.ipv4_address is ${context.issues.show(`${at}.ipv4_address`, ipv4)}, no IPv4 address`,
        hint: "write four numbers: 172.20.0.5",
      });
    }
    if (ipv6 !== undefined && !isIpv6(ipv6)) {
      context.issues.error("COMPOSE_VALUE", `${at}.ipv6_address`, {
        message: `${at}.ipv6_address is ${context.issues.show(`${at}.ipv6_address`, ipv6)}, no IPv6 address`,
        hint: "write an address such as fd00::5",
      });
    }
    checkMac(textOf(network["mac_address"]), `${at}.mac_address`, context);
  }
}

function checkHealth({ context, service, path }: ServiceAt): void {
  const check = fieldsOf(service["healthcheck"]);
  const test = textsOf(check["test"]);
  if (test[0] === "CMD-SHELL" && test[1] === "NONE") {
    context.issues.warning("COMPOSE_VALUE", `${path}.healthcheck.test`, {
      message: `${path}.healthcheck.test is the text "NONE", which is run as a command`,
      hint: 'write `test: ["NONE"]` or `disable: true`',
    });
  }
  if (check["start_interval"] !== undefined && check["start_period"] === undefined) {
    context.issues.error("COMPOSE_REQUIRED_KEY", `${path}.healthcheck.start_interval`, {
      message: `${path}.healthcheck has \`start_interval\` without \`start_period\``,
      hint: "add `start_period`",
    });
  }
  for (const [name, value] of Object.entries(fieldsOf(service["depends_on"]))) {
    const other = context.project.model.services[name];
    if (!other || textOf(fieldsOf(value)["condition"]) !== "service_healthy") continue;
    const otherCheck = fieldsOf(other["healthcheck"]);
    if (
      other["healthcheck"] !== undefined && otherCheck["disable"] !== true && textsOf(otherCheck["test"])[0] !== "NONE"
    ) continue;
    const off = other["healthcheck"] !== undefined;
    context.issues[off ? "error" : "warning"]("COMPOSE_CONFLICT", `${path}.depends_on.${name}`, {
      message: `${path} waits until "${name}" is healthy, and "${name}" has ${
        off ? "its health check switched off" : "no health check in these files"
      }`,
      hint: off
        ? "wait for service_started, or switch the check on"
        : "add a `healthcheck`, unless its image brings one",
    });
  }
}

interface Publication {
  readonly key: string;
  readonly path: string;
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** Two services on one port of the host: the second would not start. */
function checkPublishedPorts(context: DesiredContext): void {
  const taken = new Map<string, Publication[]>();
  for (const publication of publications(context)) {
    const same = taken.get(`${publication.port}/${publication.protocol}`) ?? [];
    const first = same.find((other) => addressesMeet(other.address, publication.address));
    if (first) {
      const position = context.project.positionOf(first.path);
      context.issues.error("PORT_CONFLICT", publication.path, {
        message:
          `"${publication.key}" publishes port ${publication.port}/${publication.protocol}, which "${first.key}" has already${
            position ? ` (${formatPosition(position)})` : ""
          }`,
        hint: "give one of them another port of the host",
      });
    }
    taken.set(`${publication.port}/${publication.protocol}`, [...same, publication]);
  }
}

function* publications({ project }: DesiredContext): Generator<Publication> {
  for (const key of Object.keys(project.model.services).sort(compareText)) {
    const ports = listOf(project.model.services[key]!["ports"]).map(fieldsOf);
    for (const [index, port] of ports.entries()) {
      const range = parsePortRange(textOf(port["published"]) ?? "");
      // of a range the Engine takes one that is free
      if (!range || range.start !== range.end || range.start === 0) continue;
      yield {
        key,
        path: `services.${key}.ports[${index}]`,
        address: textOf(port["host_ip"]) ?? "",
        protocol: textOf(port["protocol"]) ?? "tcp",
        port: range.start,
      };
    }
  }
}

function addressesMeet(a: string, b: string): boolean {
  const everywhere = (address: string): boolean => address === "" || address === "0.0.0.0" || address === "::";
  return a === b || everywhere(a) || everywhere(b);
}
