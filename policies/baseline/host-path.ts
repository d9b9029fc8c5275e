import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { hostPathsOf, isBelow } from "../../src/policy/service.ts";

/** Folders that make the host what it is: they and what lies in them. */
const sensitive = ["/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/sbin", "/bin", "/sys", "/usr"];

/** What images ordinarily read of them. */
const harmless = [
  "/etc/localtime",
  "/etc/timezone",
  "/etc/ssl/certs",
  "/etc/ca-certificates",
  "/usr/share/ca-certificates",
  "/usr/local/share/ca-certificates",
  "/usr/share/zoneinfo",
];

export const hostPath: Policy = {
  id: "host-path",
  title: "No folder of the host's system in a container",
  severity: "deny",
  reason: "what can be written there is root on the host, and what can be read holds its secrets",
  source: "CIS Docker Benchmark, sensitive host system directories; KICS, Host Namespace Is Shared",
  remedy: "bind a file of the repository, or a folder made for the service below /srv",
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const { checkout, secrets } = desired.folders;
  return hostPathsOf(desired.model).flatMap(({ path, source, readOnly }): Finding[] => {
    if (isBelow(source, checkout) || isBelow(source, secrets)) return [];
    if (readOnly && harmless.some((folder) => isBelow(source, folder))) return [];
    if (source !== "/" && !sensitive.some((folder) => isBelow(source, folder))) return [];
    const message = `"${source}" belongs to the host's system, needed a path that belongs to the service`;
    return [{ path, message }];
  });
}
