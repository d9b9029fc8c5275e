import type { ComposeService } from "../../model/compose.ts";
import { compareText } from "../../model/issue.ts";
import { type Address, holdsAddress, isMacAddress, parseAddress, type Subnet } from "../../model/addresses.ts";
import type { DesiredContext } from "../desired.ts";
import { refuseValue } from "./refuse-value.ts";
import { networkOrder } from "../desired/container-networks.ts";
import { replicasOf } from "../desired/replicas.ts";
import { fieldsOf, listOf, textOf } from "../desired/fields.ts";

/** A subnet that a network of the project names, and what is taken in it. */
export interface Pool {
  /** In the model. */
  readonly path: string;
  readonly text: string;
  readonly subnet: Subnet;
  readonly gateway: Address | undefined;
}

/**
 * Fixed addresses of services: each in a subnet that the files give, free, and of one container.
 *
 * @param pools by network; none for one whose subnets are not known
 */
export function checkAddresses(pools: ReadonlyMap<string, readonly Pool[]>, context: DesiredContext): void {
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
        issues.error("COMPOSE_CONFLICT", path, {
          message: first.path === path
            ? `${path}: the containers of "${key}" cannot share one address`
            : `${path} is ${issues.show(path, text!)}, which "${first.key}" has already${issues.whereIs(first.path)}`,
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
    hint: "keep one of the two",
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

/** The address of a network card, as the Engine takes it. */
export function checkMac(address: string | undefined, path: string, context: DesiredContext): void {
  if (address === undefined || isMacAddress(address)) return;
  const hint = "write six pairs of hex digits: 02:42:ac:11:00:02";
  refuseValue(context, { path, found: address, problem: "no MAC address", hint });
}
