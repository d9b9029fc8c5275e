import type { Health } from "../../src/model/health.ts";
import type { Hold } from "../../src/model/ledger.ts";
import type { Revision } from "../../src/model/revision.ts";
import type { Cause, FieldDifference } from "../../src/plan/cause.ts";
import type { Difference, Plan } from "../../src/plan/plan.ts";
import type { Outcome, Step } from "../../src/plan/step.ts";
import type { Verdict } from "../../src/policy/policy.ts";
import type { Report } from "../../src/report/report.ts";

/** Reports of a deployment `mender`, each as one pass would make it. */

/** Stands in the specifications of the plans' steps: a secret that no text and no JSON may show. */
export const plantedSecret = "s3cr3t-of-the-specification";

export const applied: Revision = {
  commit: "7a4de3c0aa11bb22cc33dd44ee55ff6677889900",
  tree: "1111111111111111111111111111111111111111",
  ref: "refs/heads/main",
  subject: "production: configuration",
  author: { name: "Ops", email: "ops@example.com" },
  committedAt: 1795514400,
};

export const newer: Revision = {
  ...applied,
  commit: "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c",
  subject: 'open everything, "just for a test"',
};

const passed: Health = {
  healthy: true,
  passed: true,
  running: 15,
  runningSeconds: 15,
  ports: [{ address: "127.0.0.1:443", answered: true }, { address: "9000", answered: true }],
  http: [],
  failures: [],
};

/** Nothing to do. */
export const quiet: Report = {
  deployment: "mender",
  mode: "enforce",
  startedAt: "2026-11-24T03:12:10.000Z",
  durationMs: 212,
  revision: applied,
  tip: applied,
  issues: [],
  verdicts: [],
  plan: emptyPlan(15),
  outcomes: [],
  converged: true,
};

export const firstConvergence: Report = report({
  plan: plan(0, [
    difference("network/default", { kind: "missing" }, "create"),
    difference("service/minio", { kind: "missing" }, "create"),
    difference("volume/mender-db", { kind: "missing" }, "create"),
  ]),
});

export const change: Report = report({ plan: plan(14, [changedHosts()]) });

export const drift: Report = report({ plan: plan(12, [changedHosts(), stoppedMinio(), limitedMongo()]) });

export const denied: Report = {
  ...quiet,
  tip: newer,
  hold: hold("denied", "policy M01"),
  verdicts: [deniedVerdict(), waivedVerdict()],
};

export const failedStep: Report = {
  ...report({ plan: plan(13, [changedHosts(), stoppedMinio()]) }),
  converged: false,
  health: undefined,
  outcomes: [
    outcome("network.create default", "done"),
    {
      ...outcome("container.create minio", "failed"),
      error: {
        code: "ENGINE_CALL",
        message: 'Cannot create the container "minio": port 9000 is taken by "old\u001b[31m-minio"',
        hint: 'stop "old-minio", or publish another port',
      },
    },
    {
      ...outcome("container.start minio", "skipped"),
      error: { code: "ENGINE_CALL", message: "needs container.create minio", hint: "" },
    },
  ],
};

export const unverified: Report = {
  ...change,
  converged: false,
  health: {
    ...passed,
    healthy: true,
    passed: false,
    ports: [{ address: "127.0.0.1:443", answered: false }, { address: "9000", answered: true }],
    http: [],
    failures: [{
      resource: "port/443",
      message: "no connection within 5 s",
      hint: "look at the log of service/mender-api-gateway",
    }],
  },
  hold: hold("failed", "port 443 does not answer", applied.commit),
};

/** A container that crashed: its last words are told, escaped. */
export const crashed: Report = {
  ...change,
  converged: false,
  health: {
    ...passed,
    healthy: false,
    passed: false,
    running: 14,
    ports: [],
    failures: [{
      resource: "service/minio",
      message: "exited with 137 (out of memory: the kernel killed it at its memory limit)",
      hint: "raise the memory limit in git",
      log: { lines: ["retrying", "retrying", "\u001b[31mfatal\u001b[0m: out of memory"] },
    }],
  },
  hold: hold("failed", "service/minio exited with 137", applied.commit),
};

export const invalid: Report = {
  ...quiet,
  tip: newer,
  hold: hold("invalid", "2 issues in its files"),
  issues: [
    {
      code: "MANIFEST_KEY",
      severity: "error",
      message: 'unknown key "polices"',
      hint: 'did you mean "policies"?',
      position: { file: "production/holdfast.yaml", line: 12, column: 1 },
    },
    {
      code: "COMPOSE_TYPE",
      severity: "warning",
      message: 'the environment key "HOME" has no value and is dropped',
      position: { file: "docker-compose.yml", line: 7, column: 9 },
    },
  ],
};

export const wrongPassphrase: Report = {
  ...quiet,
  revision: undefined,
  plan: undefined,
  tip: newer,
  converged: false,
  error: {
    code: "KEYS_DECRYPT",
    message: 'Cannot decrypt "production/keys-generated.tar.gpg": the passphrase does not open it',
    hint: "give the passphrase of this bundle in unlock.passphraseFile, or push a bundle sealed with the host's",
    retry: "next-revision",
  },
};

function report(parts: Pick<Report, "plan">): Report {
  const ids = ["files.switch", "container.create web", "container.stop web", "container.start web"];
  const outcomes = ids.map((id) => outcome(id, "done"));
  return { ...quiet, ...parts, durationMs: 21_900, applyMs: 6_240, outcomes, health: passed };
}

function plan(convergedCount: number, differences: readonly Difference[]): Plan {
  const steps = [
    step("files.switch"),
    step("container.create web", ["files.switch"]),
    step("container.start web", ["files.switch", "container.create web"]),
  ];
  return { ...emptyPlan(convergedCount), steps, settle: [step("container.remove web")], differences };
}

function emptyPlan(convergedCount: number): Plan {
  return { project: "menderproduction", steps: [], settle: [], differences: [], notices: [], convergedCount };
}

function difference(resource: string, cause: Cause, action: string): Difference {
  return { resource, cause, action };
}

function changedHosts(): Difference {
  const field: FieldDifference = {
    field: "environment ALLOWED_HOSTS",
    want: "mender.example.com s3.example.com",
    have: "mender.example.com",
    position: { file: "production/config/prod.yml", line: 41, column: 7 },
  };
  return difference("service/mender-api-gateway", { kind: "changed", fields: [field] }, "recreate");
}

function stoppedMinio(): Difference {
  const field = { field: "state", want: "running", have: "stopped on the host at 03:12:05 (exit 137)" };
  return difference("service/minio", { kind: "drifted", fields: [field] }, "start");
}

function limitedMongo(): Difference {
  const fields = [
    { field: "memory limit", want: "", have: "536870912" },
    { field: "environment MONGO_PASSWORD", want: "‹1a2b3c4d›", have: "‹99aabbcc›" },
  ];
  return difference("service/mender-mongo", { kind: "drifted", fields }, "update");
}

function outcome(id: string, result: Outcome["result"]): Outcome {
  return { step: step(id), result, durationMs: 1000 };
}

function step(id: string, needs: readonly string[] = []): Step {
  const base = {
    id,
    resource: id === "files.switch" ? "files" : "service/web",
    cause: { kind: "changed", fields: [] },
    needs,
  } as const;
  if (id.startsWith("container.create")) {
    const spec = { image: "nginx:1.27", environment: { WEB_KEY: plantedSecret } };
    return {
      ...base,
      kind: "container.create",
      name: "menderproduction-web-1",
      spec,
      labels: { a: plantedSecret },
      peers: {},
    } as unknown as Step;
  }
  if (id.startsWith("container.start")) {
    return { ...base, kind: "container.start", container: { created: "container.create web" } };
  }
  if (id === "files.switch") return { ...base, kind: "files.switch" };
  return { ...base, kind: "container.remove", container: { id: "ab".repeat(32) } };
}

function hold(kind: Hold["kind"], reason: string, commit = newer.commit): Hold {
  return { commit, kind, reason, at: "2026-11-24T03:12:09.000Z" };
}

function deniedVerdict(): Verdict {
  return {
    policy: "M01",
    pack: "mender",
    title: "Storage is behind the gateway",
    severity: "deny",
    outcome: "denied",
    resource: "service/minio",
    message: 'port "9000" is published without TLS',
    hint: "remove the port, the storage proxy publishes it",
    position: { file: "production/config/prod.yml", line: 12, column: 9 },
    reason: "devices send artifacts over it",
  };
}

function waivedVerdict(): Verdict {
  return { ...deniedVerdict(), policy: "M41", outcome: "waived", position: undefined, message: "no memory limit" };
}
