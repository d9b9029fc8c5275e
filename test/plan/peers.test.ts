import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { labelsWithPeers } from "../../src/plan/peers.ts";

test("labelsWithPeers() makes Compose's config-hash of the ids of the containers that are shared with", () => {
  const labels = { "com.docker.compose.config-hash": "as written", other: "label" };
  const sharedConfig = ['{"ipc":"container:', { containerOf: "db" }, '"}'];
  const hash = createHash("sha256").update('{"ipc":"container:123"}').digest("hex");
  assert.deepEqual(labelsWithPeers({ labels, sharedConfig }, (key) => key === "db" ? "123" : undefined), {
    "com.docker.compose.config-hash": hash,
    other: "label",
  });
  assert.equal(labelsWithPeers({ labels }, () => "123"), labels);
});
