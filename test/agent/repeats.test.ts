import assert from "node:assert/strict";
import { test } from "node:test";
import { Repeats } from "../../src/agent/repeats.ts";
import type { Difference, Plan } from "../../src/plan/plan.ts";
import type { Outcome } from "../../src/plan/step.ts";
import { stopStep } from "./steps.ts";

/** A pass that corrected these resources; none: a quiet one. */
function corrected(...resources: string[]): { readonly plan: Plan; readonly outcomes: readonly Outcome[] } {
  const differences = resources.map((resource): Difference => ({
    resource,
    cause: { kind: "drifted", fields: [] },
    action: "start",
  }));
  const plan = { project: "demo", steps: [], settle: [], differences, notices: [], convergedCount: 0 };
  return { plan, outcomes: resources.map(() => ({ step: stopStep("web"), result: "done", durationMs: 1 })) };
}

test("a resource that is corrected again right after each correction is noticed after three times", () => {
  const repeats = new Repeats();
  const counts = [0, 1, 2, 3, 4].map((pass) =>
    repeats.note(corrected("service/web"), { beganMs: pass * 1000, endedMs: pass * 1000 + 500 })
  );
  assert.deepEqual(counts, [0, 0, 0, 1, 2]);
});

test("corrections with time between them, or of one resource after another, are nobody's fight", () => {
  const apart = new Repeats();
  const later = [0, 1, 2, 3, 4, 5].map((pass) =>
    apart.note(corrected("service/web"), { beganMs: pass * 10_000, endedMs: pass * 10_000 })
  );
  const many = new Repeats();
  const others = [0, 1, 2, 3, 4, 5].map((pass) =>
    many.note(corrected(`service/web[${pass}]`), { beganMs: pass, endedMs: pass })
  );
  assert.deepEqual([...later, ...others].filter((count) => count > 0), []);
});

test("a pause that was made for it is no time in which it was good", () => {
  const repeats = new Repeats();
  for (let pass = 0; pass < 4; pass++) repeats.note(corrected("service/web"), { beganMs: pass, endedMs: pass });
  repeats.paused(60_000);
  assert.equal(repeats.note(corrected("service/web"), { beganMs: 60_100, endedMs: 60_200 }), 2);
  repeats.note(corrected(), { beganMs: 66_000, endedMs: 66_000 });
  assert.equal(repeats.note(corrected("service/web"), { beganMs: 66_100, endedMs: 66_200 }), 0);
});
