import { compareText } from "../../model/issue.ts";
import { holdsUnopenedKey } from "../../model/secrets.ts";
import { suggest } from "../suggest.ts";
import { type Address, holdsAddress, overlap, parseAddress, parseSubnet, type Subnet } from "../../model/addresses.ts";
import type { DesiredContext } from "../desired.ts";
import { refuseValue } from "./refuse-value.ts";
import { checkAddresses, type Pool } from "./check-addresses.ts";
import { networkDrivers } from "./engine-names.ts";
import { type Fields, fieldsOf, flagOf, listOf, textOf } from "../desired/fields.ts";

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
  context.issues.error("NAME_CONFLICT", path, {
    message: `${path} is ${context.issues.show(path, found)}, which networks.${first} has already${
      context.issues.whereIs(`networks.${first}.name`)
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
      hint: "keep one of the two, or make a second network",
    });
  }
}

function checkOverlaps(pools: readonly Pool[], context: DesiredContext): void {
  pools.forEach((pool, index) => {
    const first = pools.slice(0, index).find((other) => overlap(other.subnet, pool.subnet));
    if (!first) return;
    const found = context.issues.show(pool.path, pool.text);
    context.issues.error("COMPOSE_CONFLICT", pool.path, {
      message: `${pool.path} is ${found}, which overlaps with ${first.path}${context.issues.whereIs(first.path)}`,
      hint: "give each network a subnet of its own",
    });
  });
}
