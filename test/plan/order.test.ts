import assert from "node:assert/strict";
import { test } from "node:test";
import { orderSteps } from "../../src/plan/order.ts";
import type { Step } from "../../src/plan/step.ts";

function step(id: string, ...needs: string[]): Step {
  return { id, resource: "files", cause: { kind: "missing" }, needs, kind: "files.switch" };
}

function ordered(...steps: Step[]): string[] {
  return orderSteps(steps).map(({ id, needs }) => `${id} [${needs.join(",")}]`);
}

test("orderSteps() puts what is needed first, and leaves the rest as it came", () => {
  assert.deepEqual(ordered(step("c", "b"), step("z"), step("b", "a"), step("a")), ["z []", "a []", "b [a]", "c [b]"]);
});

test("orderSteps() takes what is no step of the plan for done", () => {
  assert.deepEqual(ordered(step("b", "image.pull x")), ["b []"]);
});

test("orderSteps() refuses two steps with one id, and steps that wait for each other", () => {
  assert.throws(() => ordered(step("a"), step("a")), /two steps are called "a"/);
  assert.throws(() => ordered(step("a", "b"), step("b", "a"), step("c")), /steps wait for each other: a, b$/);
});
