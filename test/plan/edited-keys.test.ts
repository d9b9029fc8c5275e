import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesiredService } from "../../src/model/desired.ts";
import type { FilesState } from "../../src/plan/input.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { desiredWorld, TestHost, type Wishes } from "../support/world.ts";

const binds = (origin: DesiredService["boundFiles"][number]["origin"], path: string): Wishes => ({
  services: { web: { boundFiles: [{ target: "/keys", origin, path, digest: "one" }] }, other: {} },
});
const none: FilesState = { edited: [], keys: [], secrets: [] };

async function planWith(wishes: Wishes, files: FilesState): Promise<Plan> {
  const host = new TestHost();
  const desired = desiredWorld(wishes);
  await host.converge(desired);
  host.remember({ files });
  return await host.plan(desired);
}

const words = (plan: Plan): string[] =>
  plan.differences.map(({ resource, cause, action }) =>
    `${resource} ${action}: ${"fields" in cause ? cause.fields.map(({ have }) => have).join() : ""}`
  );

const edits: readonly { name: string; wishes: Wishes; files: FilesState; differs: string }[] = [
  {
    name: "a key in a folder",
    wishes: binds("keys", "certs"),
    files: { ...none, keys: [{ path: "certs/a.key", found: "edited" }] },
    differs: "key/certs/a.key",
  },
  {
    name: "a key of the whole folder",
    wishes: binds("keys", ""),
    files: { ...none, keys: [{ path: "certs/a.key", found: "edited" }] },
    differs: "key/certs/a.key",
  },
  {
    name: "a secret",
    wishes: binds("secrets", "token"),
    files: { ...none, secrets: [{ path: "token", found: "edited" }] },
    differs: "key/token",
  },
];
for (const { name, wishes, files, differs } of edits) {
  test(`planDeployment() recreates who has ${name} bound that was edited on the host`, async () => {
    const plan = await planWith(wishes, files);
    assert.deepEqual(words(plan), [
      `${differs} restore: edited on the host`,
      "service/web recreate: edited on the host",
    ]);
    const create = plan.steps.find((step) => step.kind === "container.create");
    assert.ok(create?.needs.includes("files.switch"), "the bind takes the restored file");
  });
}

test("planDeployment() only puts back keys and secrets that are missing, as after a boot", async () => {
  const keys = await planWith(binds("keys", "certs"), { ...none, keys: [{ path: "certs/a.key", found: "missing" }] });
  assert.deepEqual(words(keys), ["key/certs/a.key restore: not in place on the host"]);
  const secrets = await planWith(binds("secrets", "token"), {
    ...none,
    secrets: [{ path: "token", found: "missing" }],
  });
  assert.deepEqual(words(secrets), ["key/token restore: not in place on the host"]);
});

test("planDeployment() does not take a key for a file of the checkout of the same name", async () => {
  const plan = await planWith(binds("checkout", "certs"), {
    ...none,
    keys: [{ path: "certs/a.key", found: "edited" }],
  });
  assert.deepEqual(words(plan), ["key/certs/a.key restore: edited on the host"]);
});
