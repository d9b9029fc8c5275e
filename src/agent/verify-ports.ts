import type { Manifest } from "../config/manifest.ts";
import type { DesiredState } from "../model/desired.ts";
import { publishedPorts } from "../model/engine-defaults.ts";
import type { HealthFailure, PortHealth } from "../model/health.ts";
import type { Clock } from "../ports/clock.ts";
import type { Probe } from "../ports/probe.ts";

/** How often a port that does not answer is asked again. */
const pollMs = 500;
const probeTimeoutMs = 2000;

export interface PortVerification {
  readonly desired: DesiredState;
  readonly verify: Manifest["verify"];
  /** Monotonic; each port is asked again until then. */
  readonly endMs: number;
  readonly probe: Probe;
  readonly clock: Clock;
}

export interface PortFindings {
  readonly ports: readonly PortHealth[];
  readonly failures: readonly HealthFailure[];
}

/** Whether the ports of the manifest answer, else all that the deployment publishes. */
export async function verifyPorts(verification: PortVerification, signal: AbortSignal): Promise<PortFindings> {
  const ports = await Promise.all(
    portsToProbe(verification).map((port) => verifyPort(port, verification, signal)),
  );
  return { ports, failures: ports.filter((port) => !port.answered).map(portFailure) };
}

interface ProbedPort {
  readonly host: string;
  readonly port: number;
  /** As people know it: without the host where that is any. */
  readonly address: string;
}

/** The manifest's ports, else every TCP port that the deployment publishes under a fixed number. */
function portsToProbe({ desired, verify }: PortVerification): ProbedPort[] {
  if (verify.ports.length > 0) return verify.ports.map((port) => ({ host: "127.0.0.1", port, address: String(port) }));
  const services = [...desired.services.values()].filter((each) => each.desired === "running" && each.replicas > 0);
  const published = services.flatMap(({ spec }) =>
    publishedPorts(spec).filter((port) => port.protocol === "tcp" && /^\d+$/.test(port.published))
  );
  const addresses = published.map(({ hostIp, published: port }) => {
    const isAny = hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::";
    const host = hostIp === "::" ? "::1" : isAny ? "127.0.0.1" : hostIp;
    return { host, port: Number(port), address: isAny ? port : `${hostIp}:${port}` };
  });
  return [...new Map(addresses.map((each) => [each.address, each])).values()].sort((a, b) => a.port - b.port);
}

async function verifyPort(
  { host, port, address }: ProbedPort,
  { probe, clock, endMs }: PortVerification,
  signal: AbortSignal,
): Promise<PortHealth> {
  for (;;) {
    const answered = await probe.connects({ host, port }, probeTimeoutMs, signal);
    if (answered || clock.monotonicMs() >= endMs) return { address, answered };
    await clock.sleep(pollMs, signal);
  }
}

function portFailure({ address }: PortHealth): HealthFailure {
  return {
    resource: `port/${address}`,
    message: "does not answer",
    hint: "see whether the service listens on the container's port that is published, and the host's firewall",
  };
}
