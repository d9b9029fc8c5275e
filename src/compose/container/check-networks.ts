import type { ComposeService } from "../../model/compose.ts";
import { compareText } from "../../model/issue.ts";
import { formatPosition } from "../../model/position.ts";
import { holdsUnopenedKey } from "../../model/secrets.ts";
import { suggest } from "../schema/suggest.ts";
import {
  type Address,
  holdsAddress,
  isMacAddress,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
} from "../types/addresses.ts";
import type { DesiredContext } from "../desired.ts";
import { refuseValue } from "./_service-at.ts";
import { networkOrder, replicasOf } from "./container-spec.ts";
import { networkDrivers } from "./engine-names.ts";
import { type Fields, fieldsOf, flagOf, listOf, textOf } from "./fields.ts";

/** A subnet that a network of the project names, and what is taken in it. */
interface Pool {
  /** In the model. */
  readonly path: string;
  readonly text: string;
  readonly subnet: Subnet;
  readonly gateway: Address | undefined;
}

/** Holds networks and the addresses that services ask for in them against what the Engine grants. */
export function checkNetworks(context: DesiredContext): void {
  const pools = new Map<string, readonly Pool[]>();
  const networks = fieldsOf(context.project.model.networks as Fields | undefined);
  for (const name of Object.keys(networks).sort(compareText)) {
    const network = fieldsOf(networks[name]);
    if (flagOf(network["external"])) continue;
    checkDriver(name, network, context);
    checkName(name, network, { networks, context });
    const found = poolsOf(name, network, context);
    if (found) pools.set(name, found);
  }
  checkOverlaps([...pools.values()].flat(), context);
  checkAddresses(pools, context);
}

function checkDriver(name: string, network: Fields, context: DesiredContext): void {
  const path = `networks.${name}.driver`;
  const found = textOf(network["driver"]);
  if (found === undefined) return;
  if (found === "host" || found === "none") {
    refuseValue(context, {
      path,
      found,
      problem: "and the Engine has one network of that kind only",
      hint: `write \`network_mode: ${found}\` in the services`,
    });
  } else if (!networkDrivers.includes(found) && suggest(found, networkDrivers)) {
    refuseValue(context, { path, found, problem: "no driver of networks", hint: "", known: networkDrivers });
  }
}

const engineNetworks = ["bridge", "host", "none"];

function checkName(
  key: string,
  network: Fields,
  { networks, context }: { readonly networks: Fields; readonly context: DesiredContext },
): void {
  const path = `networks.${key}.name`;
  const found = textOf(network["name"]) ?? "";
  if (engineNetworks.includes(found)) {
    const problem = "which is a network of the Engine's own";
    refuseValue(context, { path, found, problem, hint: `write another name, or \`network_mode: ${found}\`` });
  }
  const first = Object.keys(networks).sort(compareText).find((other) =>
    textOf(fieldsOf(networks[other])["name"]) === found
  );
  if (first === undefined || first === key) return;
  const position = context.project.positionOf(`networks.${first}.name`);
  context.issues.error("NAME_CONFLICT", path, {
    message: `${path} is ${context.issues.show(path, found)}, which networks.${first} has already${
      position ? ` (${formatPosition(position)})` : ""
    }`,
    hint: "give each network a name of its own, or none",
  });
}

/** @returns undefined when another address manager than the Engine's own gives the addresses, or one cannot be read */
function poolsOf(name: string, network: Fields, context: DesiredContext): readonly Pool[] | undefined {
  const ipam = fieldsOf(network["ipam"]);
  if ((textOf(ipam["driver"]) ?? "default") !== "default") return undefined;
  const pools: Pool[] = [];
  let readable = true;
  for (const [index, config] of listOf(ipam["config"]).map(fieldsOf).entries()) {
    const path = `networks.${name}.ipam.config[${index}]`;
    const text = textOf(config["subnet"]);
    if (text === undefined || holdsUnopenedKey(text)) {
      readable = false;
      if (text === undefined && Object.keys(config).length > 0) {
        context.issues.error("COMPOSE_REQUIRED_KEY", path, {
          message: `${path} has ${Object.keys(config).map((key) => `\`${key}\``).join(", ")} and no \`subnet\``,
          hint: "add `subnet`",
        });
      }
      continue;
    }
    const subnet = parseSubnet(text);
    if (!subnet) {
      readable = false;
      const hint = "write an address and the length of its prefix: 172.28.0.0/16";
      refuseValue(context, { path: `${path}.subnet`, found: text, problem: "no subnet", hint });
      continue;
    }
    if (subnet.written !== subnet.first) {
      context.issues.warning("COMPOSE_VALUE", `${path}.subnet`, {
        message: `${path}.subnet is ${context.issues.show(`${path}.subnet`, text)}, an address inside its subnet`,
        hint: "write the first address of the subnet: Engines from 25 on refuse another",
      });
    }
    const gateway = gatewayOf(config, { path, subnet, text, context }) ?? defaultGateway(network, config, subnet);
    pools.push({ path: `${path}.subnet`, text, subnet, gateway });
  }
  checkFamilies(network, pools, context);
  return readable ? pools : undefined;
}

interface PoolAt {
  readonly path: string;
  readonly subnet: Subnet;
  readonly text: string;
  readonly context: DesiredContext;
}

/** Checks what a subnet reserves, too. */
function gatewayOf(config: Fields, { path, subnet, text, context }: PoolAt): Address | undefined {
  const outside = `outside the subnet ${context.issues.show(`${path}.subnet`, text)}`;
  const addressIn = (key: string, found: string): Address | undefined => {
    const address = parseAddress(found);
    const hint = "write an address inside the subnet";
    if (!address) refuseValue(context, { path: `${path}.${key}`, found, problem: "no IP address", hint });
    else if (!holdsAddress(subnet, address)) {
      refuseValue(context, { path: `${path}.${key}`, found, problem: outside, hint });
    }
    return address;
  };
  for (const [host, value] of Object.entries(fieldsOf(config["aux_addresses"]))) {
    addressIn(`aux_addresses.${host}`, textOf(value) ?? "");
  }
  const range = textOf(config["ip_range"]);
  const parsed = range === undefined ? undefined : parseSubnet(range);
  if (
    range !== undefined &&
    !(parsed && overlap(parsed, subnet) && parsed.first >= subnet.first && parsed.last <= subnet.last)
  ) {
    refuseValue(context, {
      path: `${path}.ip_range`,
      found: range,
      problem: parsed ? outside : "no subnet",
      hint: "write a part of the subnet, such as 172.28.5.0/24",
    });
  }
  const gateway = textOf(config["gateway"]);
  return gateway === undefined ? undefined : addressIn("gateway", gateway);
}

/** Of a bridge the Engine takes the first address for itself. */
function defaultGateway(network: Fields, config: Fields, { family, first }: Subnet): Address | undefined {
  const isBridge = (textOf(network["driver"]) ?? "bridge") === "bridge" && !flagOf(network["internal"]);
  const isChosen = config["gateway"] === undefined && config["ip_range"] === undefined;
  return isBridge && isChosen && family === 4 ? { family, value: first + 1n } : undefined;
}

function checkFamilies(network: Fields, pools: readonly Pool[], context: DesiredContext): void {
  if ((textOf(network["driver"]) ?? "bridge") !== "bridge") return;
  for (const family of [4, 6]) {
    const [, second] = pools.filter(({ subnet }) => subnet.family === family);
    if (!second) continue;
    context.issues.error("COMPOSE_CONFLICT", second.path, {
      message: `${second.path} is a second IPv${family} subnet, and a bridge network has one`,
      hint: "take one of them away, or make a second network",
    });
  }
}

function checkOverlaps(pools: readonly Pool[], context: DesiredContext): void {
  pools.forEach((pool, index) => {
    const first = pools.slice(0, index).find((other) => overlap(other.subnet, pool.subnet));
    if (!first) return;
    const position = context.project.positionOf(first.path);
    context.issues.error("COMPOSE_CONFLICT", pool.path, {
      message: `${pool.path} is ${context.issues.show(pool.path, pool.text)}, which overlaps with ${first.path}${
        position ? ` (${formatPosition(position)})` : ""
      }`,
      hint: "give each network a subnet of its own",
    });
  });
}

/** Fixed addresses: each in a subnet that the files give, free, and of one container. */
function checkAddresses(pools: ReadonlyMap<string, readonly Pool[]>, context: DesiredContext): void {
  const { issues, project } = context;
  const taken = new Map<string, { readonly key: string; readonly path: string }>();
  for (const key of Object.keys(project.model.services).sort(compareText)) {
    const service = project.model.services[key]!;
    checkOneMac(key, service, context);
    for (const [name, value] of Object.entries(fieldsOf(service["networks"]))) {
      const at = `services.${key}.networks.${name}`;
      checkMac(textOf(fieldsOf(value)["mac_address"]), `${at}.mac_address`, context);
      listOf(fieldsOf(value)["link_local_ips"]).forEach((item, index) => {
        const found = textOf(item) ?? "";
        const hint = "write an address such as 169.254.8.8";
        const where = `${at}.link_local_ips[${index}]`;
        if (!parseAddress(found)) refuseValue(context, { path: where, found, problem: "no IP address", hint });
      });
      for (const [field, family] of [["ipv4_address", 4], ["ipv6_address", 6]] as const) {
        const path = `${at}.${field}`;
        const text = textOf(fieldsOf(value)[field]);
        const address = text === undefined ? undefined : readAddress(text, { path, family, context });
        if (!address) continue;
        checkFree(address, { path, text: text!, network: name, pools: pools.get(name), context });
        const identity = `${name} ${address.value}`;
        const first = taken.get(identity) ?? (replicasOf(service) > 1 ? { key, path } : undefined);
        taken.set(identity, { key, path });
        if (!first) continue;
        const position = project.positionOf(first.path);
        issues.error("COMPOSE_CONFLICT", path, {
          message: first.path === path
            ? `${path}: the containers of "${key}" cannot share one address`
            : `${path} is ${issues.show(path, text!)}, which "${first.key}" has already${
              position ? ` (${formatPosition(position)})` : ""
            }`,
          hint: "give each container an address of its own, or none",
        });
      }
    }
  }
}

/** Compose's `up` refuses it: both are the address in the container's first network. */
function checkOneMac(key: string, service: ComposeService, context: DesiredContext): void {
  const networks = fieldsOf(service["networks"]);
  const [first = ""] = networkOrder(networks);
  const own = textOf(service["mac_address"]);
  const other = textOf(fieldsOf(networks[first])["mac_address"]);
  if (own === undefined || other === undefined || own === other) return;
  const path = `services.${key}`;
  context.issues.error("COMPOSE_CONFLICT", `${path}.mac_address`, {
    message: `${path} has two addresses in its network "${first}": mac_address, and networks.${first}.mac_address`,
    hint: "take one of them away",
  });
}

function readAddress(
  found: string,
  at: { readonly path: string; readonly family: 4 | 6; readonly context: DesiredContext },
): Address | undefined {
  const address = parseAddress(found);
  if (address?.family === at.family) return address;
  refuseValue(at.context, {
    path: at.path,
    found,
    problem: `no IPv${at.family} address`,
    hint: at.family === 4 ? "write four numbers: 172.20.0.5" : "write an address such as fd00::5",
  });
  return undefined;
}

function checkFree(
  address: Address,
  at: {
    readonly path: string;
    readonly text: string;
    readonly network: string;
    /** undefined: not known. */
    readonly pools: readonly Pool[] | undefined;
    readonly context: DesiredContext;
  },
): void {
  const { path, text: found, network, pools, context } = at;
  if (!pools) return;
  const pool = pools.find(({ subnet }) => holdsAddress(subnet, address));
  if (!pool) {
    refuseValue(context, {
      path,
      found,
      problem: pools.length === 0
        ? "and its network has no `subnet` in these files"
        : `outside the subnets of its network: ${pools.map(({ text }) => text).join(", ")}`,
      hint: pools.length === 0
        ? `give networks.${network} a subnet: \`ipam: { config: [{ subnet: … }] }\``
        : "write an address inside one of them",
    });
    return;
  }
  const { first, last } = pool.subnet;
  const ends = address.family === 4 && last - first > 1n && (address.value === first || address.value === last);
  if (!ends && address.value !== pool.gateway?.value) return;
  refuseValue(context, {
    path,
    found,
    problem: ends ? "the first or last address of the subnet" : "the gateway of its network",
    hint: "write another address of the subnet",
  });
}

export function checkMac(address: string | undefined, path: string, context: DesiredContext): void {
  if (address === undefined || isMacAddress(address)) return;
  const hint = "write six pairs of hex digits: 02:42:ac:11:00:02";
  refuseValue(context, { path, found: address, problem: "no MAC address", hint });
}
