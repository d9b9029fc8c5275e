import assert from "node:assert/strict";
import { test } from "node:test";
import { needsPull } from "../../src/plan/pulls.ts";
import type { PlanInput } from "../../src/plan/input.ts";
import { desiredWorld, TestHost } from "../support/world.ts";

async function pulls(platform: string | undefined, pullPolicy: "always" | "missing" | "never"): Promise<boolean> {
  const host = new TestHost();
  host.engine.host.addImage("web:1");
  const desired = desiredWorld({ services: { web: { platform, pullPolicy } } });
  const seen = await host.observe(desired);
  const images = new Map([...seen.images].map(([name, image]) => [name, {
    ...image,
    platform: { os: "linux", architecture: "amd64" },
  }]));
  return needsPull(desired.services.get("web")!, { observed: { ...seen, images } } as unknown as PlanInput);
}

test("an image that is there for another platform is pulled, as Compose does", async () => {
  assert.equal(await pulls("linux/arm64", "missing"), true);
  assert.equal(await pulls("linux/amd64", "missing"), false);
  assert.equal(await pulls(undefined, "missing"), false);
});

test("an image that is never to be pulled is not pulled for its platform either", async () => {
  assert.equal(await pulls("linux/arm64", "never"), false);
});
