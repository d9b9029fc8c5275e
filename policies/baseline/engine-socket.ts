import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { hostPathsOf, isBelow } from "../../src/policy/service.ts";

/** Whoever may write to one of these is root on the host; `/var/run` is a link to `/run`. */
const sockets = [
  "/run/docker.sock",
  "/var/run/docker.sock",
  "/run/containerd/containerd.sock",
  "/var/run/containerd/containerd.sock",
  "/run/podman/podman.sock",
  "/run/holdfast/holdfast.sock",
];

export const engineSocket: Policy = {
  id: "engine-socket",
  title: "No container holds the Engine's socket",
  severity: "deny",
  reason: "the socket gives whoever breaks into the container root on the host, also when it is mounted read-only",
  source: "CIS Docker Benchmark, Docker socket mounted inside containers; KICS, Docker Socket Mounted In Container",
  remedy: "remove the mount; what must read the Engine gets a socket proxy that lets only reading calls through",
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return hostPathsOf(desired.model).flatMap(({ path, source }) => {
    const socket = sockets.find((candidate) => isBelow(candidate, source));
    if (socket === undefined) return [];
    const how = socket === source ? "is the socket of the Engine" : `holds "${socket}"`;
    return [{ path, message: `"${source}" ${how}, needed a mount without it` }];
  });
}
