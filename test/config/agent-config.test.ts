import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentConfig } from "../../src/config/agent-config.ts";
import { loadAgentConfig } from "../../src/config/load.ts";
import { HoldfastError } from "../../src/model/error.ts";

const file = "/etc/holdfast/agent.yaml";
const smallest = `deployments:
  - name: web
    repository: https://git.example.com/ops/web.git
`;

function load(text: string): AgentConfig {
  return loadAgentConfig(text, file);
}

/** `line:column CODE message` of every issue. */
function issuesOf(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    assert.ok(error instanceof HoldfastError);
    assert.equal(error.code, "CONFIG_INVALID");
    assert.equal(error.retry, "operator");
    return error.issues.map(({ position, code, message }) =>
      `${position?.line}:${position?.column} ${code} ${message}`
    );
  }
  return [];
}

for (const text of ["", "# deployments:\n", "deployments: []\n", "deployments:\nstate: /srv/state\n"]) {
  test(`loadAgentConfig() says that no deployment is configured yet in ${JSON.stringify(text)}`, () => {
    assert.throws(() => load(text), { code: "CONFIG_EMPTY", message: /no deployment is configured yet/ });
  });
}

test("loadAgentConfig() fills in the defaults", () => {
  assert.deepEqual(load(smallest), {
    deployments: [{
      name: "web",
      repository: "https://git.example.com/ops/web.git",
      path: ".",
      checkout: "/var/lib/holdfast/web/checkout",
      intervalMs: 60_000,
      mode: "enforce",
      credentials: {},
      unlock: { storage: "memory" },
    }],
    engine: { host: "unix:///var/run/docker.sock", parallel: "auto", registries: [] },
    state: "/var/lib/holdfast",
    runtime: "/run/holdfast",
  });
});

test("loadAgentConfig() takes every key of this version", () => {
  const config = load(`deployments:
  - name: mender
    repository: /srv/git/mender.git
    ref: 3.10
    path: ./production/
    checkout: /srv/mender-server/
    interval: 1m30s
    mode: report
    credentials: { tokenFile: "credential:git-token", caFile: /etc/ssl/own.pem }
    unlock: { passphraseFile: /etc/holdfast/passphrase, privateKeyFile: "credential:key", storage: memory }
engine:
  host: "unix:///run/other.sock"
  parallel: 4
  registries:
    - { host: registry.mender.io, usernameFile: /etc/holdfast/mender.user, passwordFile: "credential:mender" }
    - { host: index.docker.io, usernameFile: /etc/holdfast/hub.user, passwordFile: /etc/holdfast/hub.password }
state: /srv/state
runtime: /dev/shm/holdfast
`);
  const [mender] = config.deployments;
  assert.equal(mender?.ref, "3.10");
  assert.equal(mender?.path, "production");
  assert.equal(mender?.checkout, "/srv/mender-server");
  assert.equal(mender?.intervalMs, 90_000);
  assert.deepEqual(mender?.credentials.tokenFile, { kind: "credential", name: "git-token" });
  assert.deepEqual(mender?.unlock.passphraseFile, { kind: "path", path: "/etc/holdfast/passphrase" });
  assert.equal(config.engine.parallel, 4);
  assert.deepEqual(config.engine.registries.map(({ host }) => host), ["registry.mender.io", "docker.io"]);
  assert.deepEqual(config.engine.registries[0]?.passwordFile, { kind: "credential", name: "mender" });
});

const refused: readonly { name: string; text: string; issue: RegExp }[] = [
  {
    name: "an unknown key, with its line and a guess",
    text: `${smallest}    intervall: 5s\n`,
    issue: /^4:5 CONFIG_UNKNOWN_KEY "deployments\[0\]\.intervall" .* did you mean "interval"\?$/,
  },
  {
    name: "a key that is not built",
    text: `${smallest}    trust: { policy: head }\n`,
    issue:
      /^4:5 CONFIG_UNSUPPORTED "deployments\[0\]\.trust" is a key of holdfast that this version does not support yet$/,
  },
  {
    name: "a value that is not built",
    text: `${smallest}    mode: approve\n`,
    issue: /^4:5 CONFIG_UNSUPPORTED .*"approve", a value of holdfast that this version/,
  },
  {
    name: "a word that is no mode",
    text: `${smallest}    mode: enforc\n`,
    issue: /^4:5 CONFIG_VALUE .* is "enforc", needed enforce or report$/,
  },
  {
    name: "a repository over ssh",
    text: `deployments: [{ name: a, repository: "git@host:a.git" }]\n`,
    issue: /CONFIG_UNSUPPORTED/,
  },
  {
    name: "a relative path",
    text: `${smallest}state: var/lib\n`,
    issue: /^4:1 CONFIG_VALUE "state" is "var\/lib", needed an absolute path/,
  },
  {
    name: "a folder outside the repository",
    text: `${smallest}    path: ../other\n`,
    issue: /^4:5 CONFIG_VALUE .* a path inside the repository$/,
  },
  {
    name: "a duration without a unit",
    text: `${smallest}    interval: 60\n`,
    issue: /^4:5 CONFIG_VALUE .* is 60, needed a duration/,
  },
  {
    name: "a duplicate key",
    text: `${smallest}state: /a\nstate: /b\n`,
    issue: /^5:1 CONFIG_DUPLICATE_KEY "state" appears twice, first on line 4$/,
  },
  { name: "a tab", text: "deployments:\n\t- name: a\n", issue: /^2:1 CONFIG_YAML .*Tabs are not allowed/ },
  { name: "text that is no YAML", text: "deployments: [\n", issue: /CONFIG_YAML/ },
  { name: "an unknown tag", text: "state: !!python/object /a\n", issue: /^1:8 CONFIG_YAML/ },
  { name: "a second document", text: `${smallest}---\nstate: /a\n`, issue: /CONFIG_YAML/ },
  {
    name: "a missing key, at its parent",
    text: "deployments:\n  - name: a\n",
    issue: /^2:5 CONFIG_MISSING "deployments\[0\]\.repository" is missing/,
  },
  {
    name: "no deployments beside another mistake",
    text: "deployments: []\nsate: /x\n",
    issue: /^1:1 CONFIG_VALUE .* at least one deployment$/,
  },
  {
    name: "two deployments of one name",
    text: `${smallest}${smallest.replace("deployments:\n", "")}`,
    issue: /^4:5 CONFIG_VALUE "deployments\[1\]\.name" is "web", which another/,
  },
  {
    name: "an Engine over TCP",
    text: `${smallest}engine: { host: "tcp://127.0.0.1:2375" }\n`,
    issue: /^4:11 CONFIG_VALUE/,
  },
  ...["https://registry.example.com", "registry.example.com/team", "registry", "robot@registry.example.com"].map(
    (host) => ({
      name: `"${host}" as a registry`,
      text: `${smallest}engine: { registries: [{ host: "${host}", usernameFile: /u, passwordFile: /p }] }\n`,
      issue: /^4:26 CONFIG_VALUE "engine\.registries\[0\]\.host" is .*, needed a registry as images name it, without/,
    }),
  ),
  {
    name: "a registry without a password",
    text: `${smallest}engine: { registries: [{ host: localhost:5000, usernameFile: /u }] }\n`,
    issue: /^4:24 CONFIG_MISSING "engine\.registries\[0\]\.passwordFile" is missing/,
  },
  {
    name: "a password that stands in agent.yaml",
    text: `${smallest}engine: { registries: [{ host: localhost:5000, username: robot, password: hush }] }\n`,
    issue: /^4:65 CONFIG_UNKNOWN_KEY "engine\.registries\[0\]\.password" is not a key of holdfast$/,
  },
  {
    name: "a registry that is named twice",
    text: `${smallest}engine:
  registries:
    - { host: docker.io, usernameFile: /u, passwordFile: /p }
    - { host: index.docker.io, usernameFile: /u, passwordFile: /p }
`,
    issue: /^7:9 CONFIG_VALUE "engine\.registries\[1\]\.host" is "docker\.io", which another registry has already$/,
  },
  { name: "values without end", text: "a: &a [x, *a]\n", issue: /CONFIG_YAML .*"&a" contains itself/ },
];
for (const { name, text, issue } of refused) {
  test(`loadAgentConfig() refuses ${name}`, () => {
    const issues = issuesOf(text);
    assert.ok(issues.some((line) => issue.test(line)), issues.join("\n"));
  });
}

test("loadAgentConfig() finds all issues at once, in the order of the file", () => {
  const issues = issuesOf(`deployments:\n  - name: Web\n    repositroy: x\n    interval: soon\nhttp: {}\n`);
  assert.deepEqual(issues.map((line) => line.split(" ", 2).join(" ")), [
    "2:5 CONFIG_MISSING",
    "2:5 CONFIG_VALUE",
    "3:5 CONFIG_UNKNOWN_KEY",
    "4:5 CONFIG_VALUE",
    "5:1 CONFIG_UNSUPPORTED",
  ]);
});

test("loadAgentConfig() shows no token that was put where it does not belong", () => {
  const issues = issuesOf(`deployments:
  - name: web
    repository: https://ops:hunter2@git.example.com/web.git
    credentials: { tokenFile: glpat-hunter2 }
`);
  assert.equal(issues.length, 2);
  assert.ok(!issues.join().includes("hunter2"));
});
