import assert from "node:assert/strict";
import { test } from "node:test";
import { mender } from "../../../policies/mender/pack.ts";
import type { KeyFact } from "../../../src/model/keys.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { editions, installation } from "../../support/mender/installation.ts";
import { judge, policyInput, verdictLine } from "../../support/policies.ts";
import { policyOf } from "./_cases.ts";

for (const edition of editions) {
  test(`mender finds no fault with a finished installation (${edition})`, () => {
    const verdicts = evaluate(policyInput(installation(edition), { packs: [mender] }));
    assert.deepEqual(verdicts.map(verdictLine), ['warned project: The project is "demo", needed "menderproduction"']);
  });

  test(`mender judges no file that it cannot see (${edition})`, () => {
    const { services } = installation(edition);
    const verdicts = evaluate(policyInput({ services }, { packs: [mender] }));
    assert.deepEqual(verdicts.map(({ policy }) => policy), ["M32"]);
  });
}

test("mender leaves other projects alone", () => {
  const services = {
    web: { image: "nginx:1.27", ports: [{ target: 80, published: "80" }] },
    minio: { image: "minio/minio" },
  };
  assert.deepEqual(evaluate(policyInput({ services }, { packs: [mender] })), []);
});

test("mender-release says when the tags do not tell the release", () => {
  const services = { "mender-gui": { image: "mendersoftware/gui:custom" } };
  assert.deepEqual(judge(policyOf("mender-release"), { services }), [
    `warned service/mender-gui: "mendersoftware/gui:custom" does not tell Mender's release`,
  ]);
});

test("M22 finds keys that the image's user cannot read, from 3.4 on", () => {
  const fact = (mode: number, uid: number): KeyFact => ({ size: 1, mode, uid, gid: uid, digest: "" });
  const files = ["keys/deviceauth/private.key", "keys/useradm/private.key"];
  const keysOf = (mode: number, uid: number) => ({ keys: new Map(files.map((file) => [file, fact(mode, uid)])) });
  const said = judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o600, 1000));
  assert.equal(said.length, 2);
  assert.match(said[0]!, /is for user 1000 with mode 0600, needed it readable for user 65534$/);
  assert.deepEqual(judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o400, 65534)), []);
  assert.deepEqual(judge(policyOf("M22"), installation("3.7 open-source"), keysOf(0o644, 0)), []);
  assert.deepEqual(judge(policyOf("M22"), installation("2.2 open-source"), keysOf(0o600, 1000)), []);
});

test("mender gives each policy its words", () => {
  for (const { id, title, reason, source, remedy } of mender.policies) {
    assert.ok(title && reason && source && remedy, id);
  }
});
