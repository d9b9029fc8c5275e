import type { Manifest } from "../config/manifest.ts";
import type { PemFactsByPath } from "../model/certificates.ts";
import type { HealthFailure, HttpHealth } from "../model/health.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpAnswer, Probe } from "../ports/probe.ts";

const pollMs = 500;
const askTimeoutMs = 5000;

export interface HttpVerification {
  readonly checks: Manifest["verify"]["http"];
  /** Certificates of the opened bundle. */
  readonly keyPems: PemFactsByPath;
  /** Monotonic; each URL is asked again until then. */
  readonly endMs: number;
  readonly probe: Probe;
  readonly clock: Clock;
}

export interface HttpFindings {
  readonly http: readonly HttpHealth[];
  readonly failures: readonly HealthFailure[];
}

/** Whether every URL of the manifest answers, and shows the bundle's certificate where that is asked. */
export async function verifyHttp(verification: HttpVerification, signal: AbortSignal): Promise<HttpFindings> {
  const found = await Promise.all(verification.checks.map((check) => verifyUrl(check, verification, signal)));
  return { http: found.map(({ health }) => health), failures: found.flatMap(({ failure }) => failure ?? []) };
}

type Check = Manifest["verify"]["http"][number];

interface Finding {
  readonly health: HttpHealth;
  readonly failure?: HealthFailure;
}

async function verifyUrl(check: Check, verification: HttpVerification, signal: AbortSignal): Promise<Finding> {
  for (;;) {
    const finding = judge(check, await verification.probe.asks(check.url, askTimeoutMs, signal), verification.keyPems);
    if (!finding.failure || verification.clock.monotonicMs() >= verification.endMs) return finding;
    await verification.clock.sleep(pollMs, signal);
  }
}

function judge({ url, certificate }: Check, answer: HttpAnswer, keyPems: PemFactsByPath): Finding {
  const answered = answer.status !== undefined;
  if (certificate === undefined) {
    return answered ? { health: { url, answered } } : { health: { url, answered }, failure: silent(url, answer) };
  }
  const known = [...keyPems].flatMap(([path, pem]) =>
    pem.certificates.map(({ fingerprint }) => ({ path, fingerprint }))
  );
  const certified = known.some(({ fingerprint }) => fingerprint === answer.certificate?.fingerprint);
  const health = { url, answered, certified };
  if (!answered) return { health, failure: silent(url, answer) };
  if (certified) return { health };
  const found = answer.certificate
    ? `"${answer.certificate.name}" (${answer.certificate.fingerprint.slice(0, 16)}…)`
    : "none";
  return {
    health,
    failure: {
      resource: url,
      message: `shows certificate ${found}, needed one of the ${known.length} in the bundle`,
      hint: "see which certificate its service binds, and whether it has read it since it was changed",
    },
  };
}

function silent(url: string, { failure }: HttpAnswer): HealthFailure {
  return {
    resource: url,
    message: `does not answer: ${failure ?? "no HTTP answer"}`,
    hint: "see whether its port is published and its service listens",
  };
}
