import type { Health, HttpHealth } from "../model/health.ts";
import { hintLines, line, type LogLine, logTailLines } from "./line.ts";
import type { Report } from "./report.ts";

/**
 * `verified: 15 running for 15 s; ports 443, 9000 answer`, or what the verification found. A pass that changed nothing
 * repeats neither.
 */
export function healthLines(report: Report, previous: Report | undefined): LogLine[] {
  const { health } = report;
  if (!health) return [];
  const told = report.outcomes.length === 0 && previous?.health !== undefined && sameFindings(health, previous.health);
  const quiet = report.outcomes.length === 0 && health.passed && previous?.health?.passed !== false;
  return told || quiet ? [] : renderHealth(health);
}

/**
 * Two verifications that found the same resources in trouble: a container that keeps falling over is found restarting,
 * exited or not long enough up by chance. Ports are asked only where all containers run.
 */
function sameFindings(a: Health, b: Health): boolean {
  const findings = ({ passed, healthy, failures, ports, http }: Health) =>
    JSON.stringify([
      passed,
      healthy,
      [...new Set(failures.map(({ resource }) => resource))].sort(),
      ...(healthy ? [ports, http] : []),
    ]);
  return findings(a) === findings(b);
}

function renderHealth(health: Health): LogLine[] {
  if (health.superseded) {
    return [line("notice", "verification ended early: a newer revision waits", { event: "superseded" })];
  }
  const { passed, healthy, running, runningSeconds } = health;
  const words = [
    `${running} running${runningSeconds > 0 ? ` for ${runningSeconds} s` : ""}`,
    ...(passed || !healthy ? [] : ["healthy"]),
    ...portWords(health, true),
    ...portWords(health, false),
    ...(health.unasked ? [`not asked: ${health.unasked.join(", ")}`] : []),
    ...health.http.filter((each) => each.answered && each.certified !== false).map(httpWords),
  ];
  const summary = line(passed ? "info" : "error", `${passed ? "verified" : "not verified"}: ${words.join("; ")}`, {
    event: "verified",
    passed,
    healthy,
    running,
    failures: health.failures.length,
  });
  return [
    summary,
    ...health.failures.flatMap(({ resource, message, hint, log }) => {
      const first = line("error", `  ${resource}: ${message}`, { event: "unhealthy", resource });
      return [first, ...hintLines(first, hint), ...logTailLines(first, log)];
    }),
  ];
}

function httpWords({ url, certified }: HttpHealth): string {
  return `${url} ${certified ? "shows the bundle's certificate" : "answers"}`;
}

function portWords({ ports }: Health, answered: boolean): string[] {
  const addresses = ports.filter((port) => port.answered === answered).map(({ address }) =>
    address.replace(onThisHost, "")
  );
  if (addresses.length === 0) return [];
  const verb = addresses.length === 1
    ? (answered ? "answers" : "does not answer")
    : (answered ? "answer" : "do not answer");
  return [`${addresses.length === 1 ? "port" : "ports"} ${addresses.join(", ")} ${verb}`];
}

/** The port alone says enough where the address is the host's own. */
const onThisHost = /^(?:127\.0\.0\.1|0\.0\.0\.0|localhost|\[::1?\])?:/;
