import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freshProject, removeProject, type TestEngine, testEngine } from "../support/engine.ts";
import { type Gpg, gpgHome } from "../support/gpg.ts";
import { standIn } from "../support/images.ts";
import type { Removable } from "../support/removable.ts";
import { createRepository, type Repository } from "../support/repository.ts";
import { until } from "../support/until.ts";
import { dist, type SystemdHost, systemdHost } from "./_systemd-host.ts";

/*
 * holdfast installed as a service: real systemd, real Engine, the built binary. One host, whose story the tests tell in
 * their order.
 */

const image = "holdfast-test/service:1";
const passphrase = "correct horse battery staple";

const cleanUp: Removable[] = [];
const made = <T extends Removable>(thing: T): T => {
  cleanUp.unshift(thing);
  return thing;
};
let engine: TestEngine;
let host: SystemdHost;
let repository: Repository;
let gpg: Gpg;
let project: string;

function agentYaml(passphraseFile: string, more = ""): string {
  return `deployments:
  - name: hello
    repository: ${repository.bare}
    ref: main
    interval: 1h # whatever happens here, happens because it was asked for
    unlock: { passphraseFile: "${passphraseFile}" }
    ${more}
engine: { host: "unix://${engine.socket}" }
state: ${host.folder}/state
runtime: ${host.folder}/run
`;
}

/** Docker's place in the boot: tells which keys lay there when it came to its turn. */
function dockerService(): string {
  return `[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ls ${host.folder}/run/hello/keys/ > ${host.folder}/at-docker-start 2>&1 || true'
[Install]
WantedBy=multi-user.target
`;
}

/** Pushes the deployment with this key. @returns the commit, in 7 digits */
async function push(key: string, verify = "running: 0s, timeout: 20s"): Promise<string> {
  const keys = join(repository.root, "../keys");
  rmSync(keys, { recursive: true, force: true });
  mkdirSync(keys);
  writeFileSync(join(keys, "api.key"), `${key}\n`);
  const commit = await repository.commit({
    "keys.tar.gpg": await gpg.sealSymmetric(keys, passphrase),
    "holdfast.yaml": `project: ${project}\nkeys: { bundle: keys.tar.gpg, into: keys }\nverify: { ${verify} }\n`,
    "compose.yaml": `services:
  web:
    image: ${image}
    restart: unless-stopped
    mem_limit: 64m
    logging: { driver: local }
    volumes: ["./keys/api.key:/api.key:ro"]
`,
  }, key);
  return commit.slice(0, 7);
}

/** What the Engine tells of the deployment's one container. */
async function web() {
  return await engine.docker.getContainer(`${project}-web-1`).inspect();
}

/** The key as the running container sees it. */
async function keyInContainer(): Promise<string> {
  const exec = await engine.docker.getContainer(`${project}-web-1`).exec({
    Cmd: ["cat", "/api.key"],
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) bytes = Buffer.concat([bytes, chunk]);
  return bytes.subarray(8).toString().trim(); // behind the header of the stream's frame
}

interface Entry {
  readonly MESSAGE: string;
  readonly PRIORITY: string;
  readonly _COMM: string;
}

/** The unit's journal of this boot. */
async function journal(unit = "holdfast.service"): Promise<Entry[]> {
  const text = await host.output("journalctl", "--boot", "--unit", unit, "--output", "json", "--no-pager");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function isConverged(commit: string): Promise<boolean> {
  return await host.property("holdfast.service", "StatusText") === `hello: converged at ${commit}`;
}

async function restarts(): Promise<number> {
  return Number(await host.property("holdfast.service", "NRestarts"));
}

async function mainProcess(): Promise<string> {
  return await host.property("holdfast.service", "MainPID");
}

async function dropIn(unit: string, text: string): Promise<void> {
  await host.write(`/etc/systemd/system/${unit}.d/test.conf`, `[Service]\n${text}\n`);
  await host.output("systemctl", "daemon-reload");
}

const options = { skip: process.getuid?.() === 0 ? false : "it mounts a tmpfs: run the tests as root" };

describe("holdfast as a service", options, () => {
  before(async () => {
    engine = made(await testEngine());
    made(await standIn(engine, image));
    project = await freshProject(engine, "service");
    gpg = made(gpgHome());
    repository = made(await createRepository("hello"));
    host = made(await systemdHost(engine, [repository.root]));
    await push("first key");
    await host.write(join(host.folder, "passphrase"), passphrase);
    await host.write("/etc/holdfast/agent.yaml", agentYaml(join(host.folder, "passphrase")));
    await host.write("/etc/systemd/system/docker.service", dockerService());
    await host.output("systemctl", "enable", "docker.service");
  });

  after(async () => {
    if (host) await host.run("systemctl", "stop", "holdfast.service");
    if (project) await removeProject(engine, project);
    for (const thing of cleanUp) await thing.dispose();
  });

  test("install puts program and units in place, and the service becomes ready and converges", async () => {
    const told = await host.output(`${dist}/holdfast`, "install");
    assert.match(told, /^kept {4}\/etc\/holdfast\/agent.yaml: it was there already$/m);
    assert.match(told, /^wrote {3}\/usr\/local\/bin\/holdfast$/m);
    assert.match(told, /^ran {5}systemctl restart holdfast.service$/m);
    assert.equal(await host.property("holdfast.service", "ActiveState"), "active");
    const commit = (await repository.git("rev-parse", "HEAD")).slice(0, 7);
    await until("the first convergence", () => isConverged(commit));
    assert.equal(await keyInContainer(), "first key");
  });

  test("its units hold no line that this systemd does not know", async () => {
    const { stderr } = await host.run("systemd-analyze", "verify", "holdfast.service", "holdfast-keys.service");
    assert.deepEqual(stderr.split("\n").filter((line) => line.includes("holdfast")), []);
  });

  test("its exposure is what docs/service.md says", async (t) => {
    const text = await host.output("systemd-analyze", "security", "holdfast.service", "--no-pager");
    const [, exposure] = /Overall exposure level for holdfast.service: ([\d.]+)/.exec(text)!;
    t.diagnostic(`systemd-analyze security holdfast: ${exposure}`);
    assert.ok(Number(exposure) <= 3, exposure);
  });

  test("the journal has its lines, each with its priority", async () => {
    await engine.docker.getContainer(`${project}-web-1`).rename({ name: `${project}-moved` });
    await host.output("holdfast", "sync", "--wait");
    const entries = await journal();
    const priority = (pattern: RegExp) => entries.find(({ MESSAGE }) => pattern.test(MESSAGE))?.PRIORITY;
    assert.equal(priority(/^holdfast \S+ started$/), "5");
    // Of the very first lines the journal has the name that systemd gives a process before it is the program.
    assert.equal(entries.at(-1)?._COMM, "holdfast");
    assert.equal(priority(/^hello {2}revision [0-9a-f]{7} "first key"/), "6");
    assert.equal(priority(/^hello {2}converged at/), "5");
    assert.equal(priority(/^hello {4}! service\/web +drifted /), "4", JSON.stringify(entries, undefined, 1));
  });

  test("sync, report, status and apply speak to the service", async () => {
    const commit = await push("second key");
    assert.equal(await host.output("holdfast", "sync", "hello", "--wait"), `hello: converged at ${commit}`);
    assert.equal(await keyInContainer(), "second key");
    assert.match(await host.output("holdfast", "report"), /~ service\/web +changed/);
    assert.equal(await host.output("holdfast", "apply"), `hello: converged at ${commit}`);
    const status = JSON.parse(await host.output("holdfast", "status", "--format", "json"));
    assert.equal(String(status.agent.pid), await mainProcess());
    assert.equal(status.deployments[0].state, "converged");
  });

  test("the watchdog is fed while nothing happens, and kills an agent that hangs", async () => {
    await dropIn("holdfast.service", "WatchdogSec=6s\nRestartSec=100ms");
    await host.output("systemctl", "restart", "holdfast.service");
    const fedAt = () => host.property("holdfast.service", "WatchdogTimestampMonotonic");
    const started = await mainProcess();
    for (let feeds = 0, before = await fedAt(); feeds < 3; feeds++) {
      before = await until("the watchdog to be fed", async () => {
        const now = await fedAt();
        return now !== before && now;
      });
    }
    assert.equal(await mainProcess(), started);
    const { Id, State } = await web();
    await host.output("/bin/sh", "-c", `kill -STOP ${started}`);
    await until("systemd to restart it", async () => await restarts() === 1 && await mainProcess() !== "0");
    assert.ok((await journal()).some(({ MESSAGE }) => MESSAGE.includes("Watchdog timeout")));
    await until("the agent to answer", async () => (await host.run("holdfast", "report")).code === 0);
    const after = await web();
    assert.deepEqual([after.Id, after.State.StartedAt], [Id, State.StartedAt]);
  });

  test("an agent that was killed is started again, and answers where the dead one did", async () => {
    await host.output("/bin/sh", "-c", `kill -KILL ${await mainProcess()}`);
    await until("systemd to restart it", async () => await restarts() === 2);
    const state = await until("the agent to answer", async () => {
      const { code, stdout } = await host.run("holdfast", "status", "--format", "json");
      return code === 0 && JSON.parse(stdout).agent !== null && stdout;
    });
    assert.equal(String(JSON.parse(state).agent.pid), await mainProcess());
  });

  test("a passphrase is a credential of systemd", async () => {
    await host.output("rm", join(host.folder, "passphrase"));
    await host.write("/etc/credstore/passphrase", passphrase);
    await host.write("/etc/holdfast/agent.yaml", agentYaml("credential:passphrase"));
    for (const unit of ["holdfast.service", "holdfast-keys.service"]) {
      await dropIn(unit, "LoadCredential=passphrase:/etc/credstore/passphrase");
    }
    await host.output("holdfast", "install");
    await until("the key to be opened", async () => (await host.run("holdfast", "report")).code === 0);
    const commit = await push("third key");
    const asked = await host.run("holdfast", "plan", "--steps");
    const local = await host.run("/bin/sh", "-c", "CREDENTIALS_DIRECTORY=/etc/credstore holdfast plan --steps");
    assert.equal(asked.code, 2);
    assert.match(asked.stdout, /~ service\/web +changed/);
    assert.deepEqual(asked, local, "a plan of the agent is what the same command prints that can read the credential");
    const json = JSON.parse((await host.run("holdfast", "plan", "--format", "json")).stdout);
    assert.equal(json.reports[0].revision.commit.slice(0, 7), commit);
    assert.equal(await host.output("holdfast", "sync", "--wait"), `hello: converged at ${commit}`);
    assert.equal(await keyInContainer(), "third key");
    assert.equal((await host.run("holdfast", "plan")).code, 0);
  });

  test("a configuration that only a person can mend is told in one line, and not tried again", async () => {
    await host.write("/etc/holdfast/agent.yaml", "deployments: [{ name: hello }]\n");
    assert.notEqual((await host.run("systemctl", "restart", "holdfast.service")).code, 0);
    const states = ["ActiveState", "SubState", "ExecMainStatus", "NRestarts"];
    const found = await Promise.all(states.map((name) => host.property("holdfast.service", name)));
    assert.deepEqual(found, ["failed", "failed", "78", "0"]);
    const lines = (await journal()).filter(({ MESSAGE }) => MESSAGE.includes("CONFIG_"));
    assert.deepEqual(lines.map(({ PRIORITY }) => PRIORITY), ["3"]);
    assert.match(
      lines[0]!.MESSAGE,
      /^Cannot use "\/etc\/holdfast\/agent.yaml": .*:1: "deployments\[0\].repository" is missing/,
    );
  });

  test("the service of a host without a deployment waits", async () => {
    await host.write("/etc/holdfast/agent.yaml", "# deployments:\n");
    await host.output("systemctl", "restart", "holdfast.service");
    assert.equal(await host.property("holdfast.service", "ActiveState"), "active");
    await until(
      "its status",
      async () => /no deployment is configured yet/.test(await host.property("holdfast.service", "StatusText")),
    );
    assert.match((await host.run("holdfast", "status")).stderr, /no deployment is configured yet \(CONFIG_EMPTY\)/);
    await host.write("/etc/holdfast/agent.yaml", agentYaml("credential:passphrase"));
    await host.output("systemctl", "restart", "holdfast.service");
    const commit = (await repository.git("rev-parse", "HEAD")).slice(0, 7);
    await until("the convergence after it", () => isConverged(commit));
  });

  test("stop ends a wait, and the agent ends in order in the middle of a pass", async () => {
    await push("fourth key", "running: 1h, timeout: 2h");
    await host.output("holdfast", "sync");
    await until("the verification to begin", async () => await keyInContainer() === "fourth key");
    await host.output("systemctl", "stop", "holdfast.service");
    assert.equal(await host.property("holdfast.service", "Result"), "success");
    assert.equal(await host.property("holdfast.service", "ExecMainStatus"), "0");
    const commit = await push("third key");
    await host.output("systemctl", "start", "holdfast.service");
    await until("the convergence after it", () => isConverged(commit));
  });

  test("stop ends the agent in order, removes its socket, and leaves containers and keys", async () => {
    const { Id } = await web();
    await host.output("systemctl", "stop", "holdfast.service");
    assert.equal(await host.property("holdfast.service", "Result"), "success");
    assert.equal(await host.property("holdfast.service", "ExecMainStatus"), "0");
    assert.equal(existsSync(join(host.folder, "run/holdfast.sock")), false);
    assert.deepEqual(readdirSync(join(host.folder, "run/hello/keys")), ["api.key"]);
    assert.equal((await web()).Id, Id);
    const { code, stderr } = await host.run("holdfast", "sync");
    assert.equal(code, 1);
    assert.match(stderr, /no such socket \(AGENT_UNREACHABLE\)\nhint: /);
    const plan = await host.run("holdfast", "plan");
    assert.equal(plan.code, 1);
    assert.match(plan.stderr, /credential "passphrase", which systemd gives to the service alone.*no such socket/);
    assert.match(plan.stderr, /\nhint: start the service .* systemd-run --pipe --wait -p LoadCredential=passphrase:/);
  });

  test("after a boot the keys lie there before Docker starts, and the service converges", async () => {
    await host.powerOff();
    await engine.docker.getContainer(`${project}-web-1`).stop({ t: 0 });
    for (const name of readdirSync(join(host.folder, "run"))) {
      rmSync(join(host.folder, "run", name), { recursive: true });
    }
    await host.boot();
    await until("Docker's turn", () => existsSync(join(host.folder, "at-docker-start")));
    assert.equal(readFileSync(join(host.folder, "at-docker-start"), "utf8"), "api.key\n");
    await until("the journal to tell of it", async () => {
      return (await journal("holdfast-keys.service")).some(({ MESSAGE }) => /1 key and 0 secrets of/.test(MESSAGE));
    });
    const commit = (await repository.git("rev-parse", "HEAD")).slice(0, 7);
    await until("the convergence after the boot", () => isConverged(commit));
    assert.equal(await keyInContainer(), "third key");
  });

  test("a checkout that is gone is named, with what to do, and install makes it anew", async () => {
    const checkout = join(host.folder, "checkout");
    await host.write("/etc/holdfast/agent.yaml", agentYaml("credential:passphrase", `checkout: ${checkout}`));
    await host.output("holdfast", "install");
    const commit = (await repository.git("rev-parse", "HEAD")).slice(0, 7);
    await until("the convergence in the new checkout", () => isConverged(commit));
    await host.output("systemctl", "stop", "holdfast.service");
    rmSync(checkout, { recursive: true });
    await host.output("systemctl", "start", "holdfast.service");
    const entry = await until("the journal to tell of it", async () => {
      return (await journal()).find(({ MESSAGE }) => MESSAGE.includes(`Cannot find the checkout folder "${checkout}"`));
    });
    assert.equal(entry.PRIORITY, "3");
    await host.output("holdfast", "install");
    await until("the convergence after it", () => isConverged(commit));
    assert.ok(existsSync(join(checkout, "compose.yaml")));
  });

  test("uninstall removes program and units, and leaves the container running and the changed agent.yaml", async () => {
    const { Id } = await web();
    const told = await host.output("holdfast", "uninstall");
    assert.match(told, /^left {4}\/etc\/holdfast\/agent.yaml: it was changed since it was installed$/m);
    for (const path of ["/usr/local/bin/holdfast", "/etc/systemd/system/holdfast.service"]) {
      assert.notEqual((await host.run("ls", path)).code, 0, path);
    }
    assert.equal(await host.property("holdfast.service", "LoadState"), "not-found");
    const { Id: after, State } = await web();
    assert.deepEqual([after, State.Running], [Id, true]);
    assert.ok(existsSync(join(host.folder, "state/hello/ledger.json")));
  });

  test("install writes an agent.yaml for a repository, uninstall takes an untouched one away again", async () => {
    await host.output("rm", "/etc/holdfast/agent.yaml");
    await host.output(`${dist}/holdfast`, "install", "--no-start", "--repository", repository.bare, "--ref", "main");
    assert.match(await host.output("cat", "/etc/holdfast/agent.yaml"), /^ {2}- name: hello$/m);
    assert.equal(
      await host.output("systemctl", "is-enabled", "holdfast.service", "holdfast-keys.service"),
      "enabled\nenabled",
    );
    assert.match(await host.output("holdfast", "uninstall"), /^removed \/etc\/holdfast\/agent.yaml$/m);
    assert.notEqual((await host.run("holdfast", "uninstall")).code, 0);
  });
});
