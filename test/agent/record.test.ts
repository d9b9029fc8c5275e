import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreparedRevision } from "../../src/agent/prepare.ts";
import { holdAfterFailure, type PassFacts, recordPass } from "../../src/agent/record.ts";
import type { ErrorCode } from "../../src/model/error.ts";
import type { Health } from "../../src/model/health.ts";
import { emptyLedger, type Hold, type Ledger } from "../../src/model/ledger.ts";
import type { Outcome, Step } from "../../src/plan/step.ts";
import { desiredWorld, TestHost } from "../support/world.ts";
import { step, stopStep, volumeStep, waitStep } from "./steps.ts";

const older = "a".repeat(40);
const newer = "b".repeat(40);
const at = "2026-01-02T03:04:05.000Z";
const desired = desiredWorld({ services: { web: {} }, volumes: { data: {} } });

const healthy: Health = {
  healthy: true,
  passed: true,
  running: 1,
  runningSeconds: 1,
  ports: [],
  http: [],
  failures: [],
};
const failing: Health = {
  ...healthy,
  passed: false,
  failures: [{ resource: "service/web", message: "exited with 3", hint: "see its log" }],
};

function prepared(commit: string, onFailure = "rollback"): PreparedRevision {
  const revision = { commit, tree: commit, ref: "refs/heads/main", subject: "", author: { name: "", email: "" } };
  return { revision, desired, manifest: { verify: { onFailure } } } as unknown as PreparedRevision;
}

function facts(commit: string, more: Partial<PassFacts> & { readonly onFailure?: string } = {}): PassFacts {
  return {
    prepared: prepared(commit, more.onFailure),
    plan: { project: "demo", steps: [volumeStep("v")], settle: [], differences: [], notices: [], convergedCount: 0 },
    outcomes: [done(volumeStep("v"))],
    containers: [],
    at,
    ...more,
  };
}

function done(of: Step): Outcome {
  return { step: of, result: "done", durationMs: 1 };
}

function failed(of: Step, code: ErrorCode = "ENGINE_CALL", message = "Cannot start it: exec format error"): Outcome {
  return { step: of, result: "failed", durationMs: 1, error: { code, message, hint: "" } };
}

const networkStep = step("network", {
  kind: "network.connect",
  network: "n",
  container: { id: "1" },
  attachment: { key: "n", name: "n", aliases: [], linkLocalIps: [], driverOptions: {} },
});
const startStep = step("start web", { kind: "container.start", container: { id: "1" } });
const appliedLedger: Ledger = {
  ...emptyLedger("demo"),
  applied: { commit: older, tree: older, at: "2026-01-01T00:00:00.000Z" },
  highest: older,
  placed: [older],
  verified: true,
};

test("recordPass() takes a revision for the applied one when its steps are done and its verification passed", () => {
  const ledger = recordPass(appliedLedger, facts(newer, { health: healthy }));
  assert.deepEqual(ledger.applied, { commit: newer, tree: newer, at });
  assert.deepEqual([ledger.verified, ledger.highest], [true, newer]);
});

test("recordPass() stays with the predecessor while a step failed or the verification did not pass", () => {
  for (const more of [{ outcomes: [failed(startStep)] }, { health: failing }]) {
    const ledger = recordPass(appliedLedger, facts(newer, more));
    assert.equal(ledger.applied?.commit, older);
    assert.equal(ledger.attempted?.commit, newer);
    assert.equal(ledger.verified, false);
  }
});

test("recordPass() takes a first revision for applied although its verification failed: it stays, visible", () => {
  const ledger = recordPass(emptyLedger("demo"), facts(newer, { health: failing }));
  assert.deepEqual([ledger.applied?.commit, ledger.verified], [newer, false]);
});

test("recordPass() keeps the time of the applied revision while passes repeat it", () => {
  const ledger = recordPass(appliedLedger, facts(older, { health: healthy }));
  assert.deepEqual(ledger.applied, appliedLedger.applied);
});

test("recordPass() remembers the hold of this pass, and forgets the one before", () => {
  const hold: Hold = { commit: newer, kind: "denied", reason: "policy B01", at };
  const held = recordPass(appliedLedger, facts(older, { hold }));
  assert.deepEqual([held.hold, held.highest], [hold, older]);
  assert.equal(recordPass(held, facts(newer, { health: healthy })).hold, undefined);
});

test("recordPass() remembers which container answers for a service, and whether it ran when it was verified", async () => {
  const host = new TestHost();
  await host.converge(desired);
  const { containers } = await host.observe(desired);
  const [web] = containers;
  const verified = recordPass(appliedLedger, facts(newer, { health: healthy, containers }));
  assert.equal(verified.inventory.services["web"]?.containerId, web!.id);
  assert.equal(verified.inventory.services["web"]?.ran, true);
  assert.deepEqual(verified.inventory.networks, ["demo_default"]);
  assert.deepEqual(verified.inventory.volumes, ["demo_data"]);
  const unverified = recordPass(appliedLedger, facts(newer, { containers }));
  assert.equal(unverified.inventory.services["web"]?.ran, false);
});

test("recordPass() adopts no container of a service that is to have none", async () => {
  const host = new TestHost();
  await host.converge(desired);
  const { containers } = await host.observe(desired);
  const none = { ...prepared(newer), desired: desiredWorld({ services: { web: { replicas: 0 } } }) };
  assert.deepEqual(recordPass(appliedLedger, facts(newer, { prepared: none, containers })).inventory.services, {});
});

test("holdAfterFailure() holds a new revision whose verification failed, or whose container does not start", () => {
  const cases = [
    { more: { health: failing }, reason: /service\/web exited with 3/ },
    { more: { outcomes: [failed(startStep)] }, reason: /exec format error/ },
    { more: { outcomes: [failed(networkStep)] }, reason: /exec format error/ },
    { more: { outcomes: [failed(waitStep("1"), "CONTAINER_FAILED", "Cannot wait: unhealthy")] }, reason: /unhealthy/ },
  ];
  for (const { more, reason } of cases) {
    const hold = holdAfterFailure(appliedLedger, facts(newer, more));
    assert.deepEqual([hold?.kind, hold?.commit, hold?.at], ["failed", newer, at]);
    assert.match(hold!.reason, reason);
  }
});

test("holdAfterFailure() holds nothing that may pass by itself: a pull, an Engine that is gone", () => {
  const pull = step("pull", { kind: "image.pull", image: "web:2" });
  const passing = [
    failed(pull, "IMAGE_PULL", "Cannot pull"),
    failed(startStep, "ENGINE_UNREACHABLE", "Cannot reach the Engine"),
    failed(waitStep("1"), "ENGINE_UNREACHABLE", "Cannot reach the Engine"),
    failed(stopStep("1")),
  ];
  for (const outcome of passing) {
    assert.equal(holdAfterFailure(appliedLedger, facts(newer, { outcomes: [outcome] })), undefined, outcome.step.id);
  }
});

test("holdAfterFailure() lets a first revision, and the applied one, be tried again", () => {
  assert.equal(holdAfterFailure(emptyLedger("demo"), facts(newer, { health: failing })), undefined);
  assert.equal(holdAfterFailure(appliedLedger, facts(older, { health: failing })), undefined);
});

test("holdAfterFailure() holds nothing with `onFailure: continue`", () => {
  assert.equal(holdAfterFailure(appliedLedger, facts(newer, { health: failing, onFailure: "continue" })), undefined);
});
