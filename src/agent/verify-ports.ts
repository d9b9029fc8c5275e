import type { Manifest } from "../config/manifest.ts";
import type { PublishedPort } from "../model/container.ts";
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
  /** Published, and not asked unless the manifest names them: `21000-21010`, `53/udp`. */
  readonly unasked: readonly string[];
  readonly failures: readonly HealthFailure[];
}

/** Whether the ports of the manifest answer, else all that the deployment publishes. */
export async function verifyPorts(verification: PortVerification, signal: AbortSignal): Promise<PortFindings> {
  const { asked, unasked } = portsToProbe(verification);
  const ports = await Promise.all(asked.map((port) => verifyPort(port, verification, signal)));
  return { ports, unasked, failures: ports.filter((port) => !port.answered).map(portFailure) };
}

interface ProbedPort {
  readonly host: string;
  readonly port: number;
  /** As people know it: without the host where that is any. */
  readonly address: string;
}

interface PortChoice {
  readonly asked: readonly ProbedPort[];
  readonly unasked: readonly string[];
}

/** The manifest's ports, else every TCP port that the deployment publishes under a fixed number. */
function portsToProbe({ desired, verify }: PortVerification): PortChoice {
  if (verify.ports) {
    return { asked: verify.ports.map((port) => ({ host: "127.0.0.1", port, address: String(port) })), unasked: [] };
  }
  const services = [...desired.services.values()].filter((each) => each.desired === "running" && each.replicas > 0);
  const choices = services.map(({ spec }) => {
    const fixed = publishedPorts(spec).filter((port) => /^\d+$/.test(port.published));
    const tcp = fixed.filter(({ protocol }) => protocol === "tcp");
    const ranges = longRanges(tcp);
    const inRange = (port: number) => ranges.some(({ first, last }) => first <= port && port <= last);
    return {
      asked: tcp.filter(({ published }) => !inRange(Number(published))).map(probedPort),
      unasked: [
        ...ranges.map(({ first, last }) => `${first}-${last}`),
        ...fixed.filter(({ protocol }) => protocol !== "tcp").map(({ published, protocol }) =>
          `${published}/${protocol}`
        ),
      ],
    };
  });
  const asked = new Map(choices.flatMap((choice) => choice.asked).map((each) => [each.address, each]));
  return {
    asked: [...asked.values()].sort((a, b) => a.port - b.port),
    unasked: [...new Set(choices.flatMap((choice) => choice.unasked))].sort(),
  };
}

function probedPort({ hostIp, published: port }: PublishedPort): ProbedPort {
  const isAny = hostIp === "" || hostIp === "0.0.0.0" || hostIp === "::";
  const host = hostIp === "::" ? "::1" : isAny ? "127.0.0.1" : hostIp;
  return { host, port: Number(port), address: isAny ? port : `${hostIp}:${port}` };
}

/** More ports in a row are a pool, such as those of passive FTP: a program listens on one only while it is used. */
const longestAsked = 10;

/** Runs of ports that are too long to be listened on all at once. */
function longRanges(ports: readonly PublishedPort[]): { readonly first: number; readonly last: number }[] {
  const numbers = [...new Set(ports.map(({ published }) => Number(published)))].sort((a, b) => a - b);
  const runs: { first: number; last: number }[] = [];
  for (const port of numbers) {
    const run = runs.at(-1);
    if (run?.last === port - 1) run.last = port;
    else runs.push({ first: port, last: port });
  }
  return runs.filter(({ first, last }) => last - first + 1 > longestAsked);
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
