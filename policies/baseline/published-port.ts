import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { portsOf, type ServicePort, servicesOf } from "../../src/policy/service.ts";

export const publishedPort: Policy = {
  id: "published-port",
  title: "Each port of the host is published once",
  severity: "deny",
  reason: "the Engine refuses the second container that takes a port, in the middle of the deployment",
  source: "dclint, no-duplicate-exported-ports",
  remedy: "publish one of the two on another port, or address",
  rule: { kind: "check", check },
};

interface Taken {
  readonly service: string;
  readonly port: ServicePort;
}

function check({ desired }: PolicyInput): Finding[] {
  const taken: Taken[] = [];
  return servicesOf(desired.model).flatMap(([key, service]) =>
    portsOf(key, service).flatMap((port): Finding[] => {
      if (!/^\d+$/.test(port.published)) return []; // of a range the Engine takes a free one
      const first = taken.find((other) => collide(other.port, port));
      taken.push({ service: key, port });
      if (!first) return [];
      const address = `${port.hostIp === "" ? "" : `${port.hostIp}:`}${port.published}/${port.protocol}`;
      return [{ path: port.path, message: `"${address}" is published by service "${first.service}" already` }];
    })
  );
}

function collide(a: ServicePort, b: ServicePort): boolean {
  if (a.published !== b.published || a.protocol !== b.protocol) return false;
  return a.hostIp === b.hostIp || isEvery(a.hostIp) || isEvery(b.hostIp);
}

function isEvery(hostIp: string): boolean {
  return hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::";
}
