import assert from "node:assert/strict";
import { test } from "node:test";
import { freshAgentYaml, isUntouched } from "../../../src/adapters/systemd/agent-yaml.ts";
import { loadAgentConfig } from "../../../src/config/load.ts";
import { assertGolden } from "../../support/golden.ts";

const file = "/etc/holdfast/agent.yaml";

test("freshAgentYaml() is an agent.yaml with the deployment, and says what else there is", () => {
  const deployment = { repository: "https://git.example.com/ops/Mender.git", ref: "1.10", path: "production" };
  const text = freshAgentYaml(deployment, file);
  assertGolden("systemd/agent.yaml", text);
  const [first] = loadAgentConfig(text, file).deployments;
  assert.deepEqual([first?.name, first?.repository, first?.ref, first?.path], [
    "mender",
    deployment.repository,
    "1.10",
    "production",
  ]);
});

for (
  const [repository, name] of [
    ["/srv/hello.git", "hello"],
    ["https://git.example.com/Ops/My%20Server.git/", "my-20server"],
    ["https://git.example.com/", "git.example.com"],
    ["http://127.0.0.1:8080/x/.git", "deployment"],
  ] as const
) {
  test(`freshAgentYaml() names the deployment of ${repository} ${name}`, () => {
    assert.equal(loadAgentConfig(freshAgentYaml({ repository }, file), file).deployments[0]?.name, name);
  });
}

test("freshAgentYaml() refuses a deployment that agent.yaml would refuse", () => {
  const repository = "https://user:secret@git.example.com/x.git";
  assert.throws(() => freshAgentYaml({ repository }, file), { code: "CONFIG_INVALID" });
});

test("isUntouched() knows its own text, and sees every change of it", () => {
  const template = freshAgentYaml(undefined, file);
  const text = freshAgentYaml({ repository: "/srv/hello.git" }, file);
  for (const each of [template, text]) assert.equal(isUntouched(each), true);
  for (const changed of [`${text}#\n`, text.replace("60s", "30s"), text.slice(1), text.trimEnd(), "", "\n"]) {
    assert.equal(isUntouched(changed), false);
  }
});
