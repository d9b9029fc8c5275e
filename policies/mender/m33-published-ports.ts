import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { portsOf, type ServicePort, servicesOf } from "../../src/policy/service.ts";
import { gateway, storageProxy } from "./_names.ts";
import { isMender } from "./_release.ts";
import { storageEndpoint } from "./_storage.ts";

/** Where devices connect, as ports inside the containers. */
const entrances = new Map([[gateway, 443], [storageProxy, 9000]]);

export const m33: Policy = {
  id: "M33",
  title: "Only the gateway and the storage are published",
  severity: "deny",
  reason: "databases, queues and the storage's own port ask nobody for a password",
  source: "docker-compose.yml and redis.conf of mendersoftware/integration",
  remedy: `remove "ports" of this service: the other services reach it over the network`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const { model } = desired;
  // From 2.7 on the proxy is an extra for old clients: it may be there, and need not be.
  const required = [gateway, storageEndpoint(desired)];
  return servicesOf(model).flatMap(([key, service]) => {
    const ports = portsOf(key, service);
    const entrance = entrances.get(key);
    const isMissing = required.includes(key) && !ports.some((port) => port.target === entrance);
    const missing: Finding[] = !isMissing ? [] : [{
      path: ["services", key, "ports"],
      message: `Port ${entrance} of ${key} is not published, needed it: devices connect there`,
      hint: `publish it: "${entrance}:${entrance}"`,
    }];
    return [...missing, ...ports.filter((port) => port.target !== entrance).map((port) => judge(key, port))];
  });
}

function judge(key: string, port: ServicePort): Finding {
  const local = port.hostIp === "127.0.0.1" || port.hostIp === "::1";
  const message = `Port ${port.target} of ${key} is published, needed ${key === gateway ? "443 alone" : "none"}`;
  // The gateway's other entrances lead to TLS; a port of the loopback is for the operator.
  return { path: port.path, message, severity: local || key === gateway ? "warn" : "deny" };
}
