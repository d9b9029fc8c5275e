import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText } from "./_check-text.ts";

/** A network `net` with these lines, in which `web` and `db` may have addresses. */
function project(network: string, addresses: { readonly web?: string; readonly db?: string } = {}): string {
  const service = (name: string, address?: string) =>
    `  ${name}:\n    image: x:1\n    networks:\n      net:\n        ${
      address ? `ipv4_address: ${address}` : "priority: 1"
    }\n`;
  return `services:\n${service("db", addresses.db)}${service("web", addresses.web)}networks:\n  net:\n    ${network}\n`;
}

const subnet = "ipam: { config: [{ subnet: 10.8.0.0/24 }] }";

const refused: readonly { readonly name: string; readonly text: string; readonly issue: string }[] = [
  { name: "a subnet that is none", text: project("ipam: { config: [{ subnet: x }] }"), issue: "14 COMPOSE_VALUE" },
  {
    name: "a gateway outside its subnet",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24, gateway: 10.1.1.1 }] }"),
    issue: "14 COMPOSE_VALUE",
  },
  {
    name: "a gateway that is no address",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24, gateway: x }] }"),
    issue: "14 COMPOSE_VALUE",
  },
  {
    name: "a gateway without a subnet",
    text: project("ipam: { config: [{ gateway: 10.8.0.1 }] }"),
    issue: "14 COMPOSE_REQUIRED_KEY",
  },
  {
    name: "a range outside its subnet",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24, ip_range: 10.9.0.0/28 }] }"),
    issue: "14 COMPOSE_VALUE",
  },
  {
    name: "a reserved address outside its subnet",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24, aux_addresses: { host: 10.9.9.9 } }] }"),
    issue: "14 COMPOSE_VALUE",
  },
  {
    name: "two subnets of one bridge",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24 }, { subnet: 10.9.0.0/24 }] }"),
    issue: "14 COMPOSE_CONFLICT",
  },
  {
    name: "networks whose subnets overlap",
    text: "services:\n  a: { image: x:1, networks: [p, q] }\nnetworks:\n" +
      "  p: { ipam: { config: [{ subnet: 10.8.0.0/24 }] } }\n  q: { ipam: { config: [{ subnet: 10.8.0.0/25 }] } }\n",
    issue: "5 COMPOSE_CONFLICT",
  },
  {
    name: "an address without a subnet",
    text: project("internal: true", { web: "10.8.0.5" }),
    issue: "11 COMPOSE_VALUE",
  },
  { name: "an address outside the subnet", text: project(subnet, { web: "10.1.1.1" }), issue: "11 COMPOSE_VALUE" },
  { name: "the address of the gateway", text: project(subnet, { web: "10.8.0.1" }), issue: "11 COMPOSE_VALUE" },
  { name: "the address of the subnet", text: project(subnet, { web: "10.8.0.0" }), issue: "11 COMPOSE_VALUE" },
  { name: "the address of all of them", text: project(subnet, { web: "10.8.0.255" }), issue: "11 COMPOSE_VALUE" },
  {
    name: "two services with one address",
    text: project(subnet, { web: "10.8.0.5", db: "10.8.0.5" }),
    issue: "11 COMPOSE_CONFLICT",
  },
  {
    name: "several containers with one address",
    text: project(subnet, { web: "10.8.0.5" }).replace("  web:\n", "  web:\n    scale: 2\n"),
    issue: "12 COMPOSE_CONFLICT",
  },
  { name: "a misspelled driver of a network", text: project("driver: bridg"), issue: "14 COMPOSE_VALUE" },
  { name: "the driver host", text: project("driver: host"), issue: "14 COMPOSE_VALUE" },
  { name: "a network called host", text: project("name: host"), issue: "14 COMPOSE_VALUE" },
  {
    name: "two networks of one name",
    text: "services:\n  a: { image: x:1, networks: [p, q] }\nnetworks:\n  p: { name: n }\n  q: { name: n }\n",
    issue: "5 NAME_CONFLICT",
  },
  {
    name: "a misspelled driver of a volume",
    text: "services: { a: { image: x:1, volumes: ['v1:/v'] } }\nvolumes:\n  v1: { driver: locl }\n",
    issue: "3 COMPOSE_VALUE",
  },
  {
    name: "a volume's name with a slash",
    text: "services: { a: { image: x:1, volumes: ['v1:/v'] } }\nvolumes:\n  v1: { name: a/b }\n",
    issue: "3 COMPOSE_VALUE",
  },
  {
    name: "an option that the driver local does not know",
    text: "services: { a: { image: x:1, volumes: ['v1:/v'] } }\nvolumes:\n  v1: { driver_opts: { devise: /srv } }\n",
    issue: "3 COMPOSE_VALUE",
  },
  {
    name: "a mount without a device",
    text:
      "services: { a: { image: x:1, volumes: ['v1:/v'] } }\nvolumes:\n  v1: { driver_opts: { type: none, o: bind } }\n",
    issue: "3 COMPOSE_REQUIRED_KEY",
  },
  {
    name: "a device without the type of its file system",
    text: "services: { a: { image: x:1, volumes: ['v1:/v'] } }\nvolumes:\n  v1: { driver_opts: { device: /srv } }\n",
    issue: "3 COMPOSE_REQUIRED_KEY",
  },
];

for (const { name, text, issue } of refused) {
  test(`desiredState() refuses at its line, before the Engine does: ${name}`, () => {
    const errors = checkText(text);
    assert.deepEqual(errors.map(({ code, position }) => `${position?.line} ${code}`), [issue]);
    assert.ok(errors[0]!.hint);
  });
}

const accepted: readonly { readonly name: string; readonly text: string }[] = [
  { name: "a free address", text: project(subnet, { web: "10.8.0.5", db: "10.8.0.6" }) },
  {
    name: "an address outside the range that is given out",
    text: project("ipam: { config: [{ subnet: 10.8.0.0/24, ip_range: 10.8.0.0/28 }] }", { web: "10.8.0.200" }),
  },
  { name: "an address in a network made elsewhere", text: project("external: true", { web: "10.8.0.5" }) },
  { name: "addresses of another manager", text: project("ipam: { driver: infoblox }", { web: "10.8.0.5" }) },
  { name: "a plugin's driver", text: project("driver: weave") },
  { name: "a subnet of IPv6", text: project("ipam: { config: [{ subnet: 'fd00:5::/64', gateway: 'fd00:5::1' }] }") },
];

for (const { name, text } of accepted) {
  test(`desiredState() leaves alone: ${name}`, () => assert.deepEqual(checkText(text), []));
}
