import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { portsOf, servicesOf } from "../../src/policy/service.ts";

/** What is published to the world on purpose. */
const publicPorts = new Set(["80", "443"]);

export const portInterface: Policy = {
  id: "port-interface",
  title: "Ports are published on the address they are for",
  severity: "warn",
  reason: "Docker opens a published port past the host's firewall, on every address",
  source: "CIS Docker Benchmark, incoming container traffic is bound to a specific host interface; KICS; dclint",
  remedy: `name the address: "127.0.0.1:8080:80"; or waive port-interface where the world is meant`,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return servicesOf(desired.model).flatMap(([key, service]) =>
    portsOf(key, service).flatMap(({ path, hostIp, published, target }): Finding[] => {
      const everywhere = hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::";
      if (!everywhere || publicPorts.has(published)) return [];
      const port = published === "" ? `a port for ${target}` : `port ${published}`;
      return [{ path, message: `${capital(port)} is published on every address, needed one address` }];
    })
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
