import assert from "node:assert/strict";
import { test } from "node:test";
import type { Application, ConfigOptions, HostOptions } from "../../src/agent/application.ts";
import type { Explanation } from "../../src/model/explanation.ts";
import { HoldfastError } from "../../src/model/error.ts";
import type { Report } from "../../src/report/report.ts";
import type { HostStatus } from "../../src/report/status.ts";
import { publishPlan, publishReport } from "../../src/report/published.ts";
import * as samples from "../report/samples.ts";
import { assertGolden } from "../support/golden.ts";
import { assertUsageError, hostCommands, runLine } from "./application.ts";

for (const command of ["", ...hostCommands]) {
  test(`"holdfast ${command} --help" explains it with exit codes and examples`, async () => {
    const { code, stdout, stderr } = await runLine(`${command} --help`, {});
    assert.deepEqual([code, stderr], [0, ""]);
    assertGolden(`cli/help${command ? `-${command}` : ""}.txt`, stdout);
  });
}

const usage: readonly (readonly [string, string, string])[] = [
  ["plna", 'unknown command "plna"', "did you mean plan?"],
  ["plan --confg x", 'unknown option "--confg"', "did you mean --config?"],
  ["plan extra", 'too many arguments for "plan"', '"holdfast plan --help"'],
  ["plan --format xml", "Allowed choices are text, json", '"holdfast plan --help"'],
  ["plan --config", "argument missing", '"holdfast plan --help"'],
  ["config --env TAG", "NAME=VALUE", '"holdfast config --help"'],
  ["config folder -f x.yaml", 'both the folder "folder" and --file', "-f"],
  ["--config x plan", 'unknown option "--config"', "options come after the command"],
];
for (const [command, found, advice] of usage) {
  test(`"holdfast ${command}" exits 64 and says what to do`, () => assertUsageError(command, found, advice));
}

test("holdfast without a command shows what there is and exits 64", async () => {
  const { code, stdout, stderr } = await runLine("", {});
  assert.deepEqual([code, stdout], [64, ""]);
  assert.match(stderr, /^Usage: holdfast/);
});

test("every command hands its options and the signal to its use case", async () => {
  const seen: unknown[] = [];
  const { signal } = new AbortController();
  const host = (options: HostOptions, given: AbortSignal) => {
    seen.push(options);
    assert.equal(given, signal);
    return Promise.resolve([]);
  };
  const flags = "--config ./a.yaml --deployment web --log-format json --log-level debug";
  for (const command of ["apply", "report"]) {
    await runLine(`${command} ${flags}`, { [command]: host }, { signal });
  }
  const nobody = { agent: undefined, deployments: [] };
  await runLine(`status ${flags}`, { status: (options, given) => host(options, given).then(() => nobody) }, { signal });
  await runLine(`run ${flags}`, { run: (options, given) => host(options, given).then(() => undefined) }, { signal });
  await runLine(`plan --steps ${flags}`, { plan: host }, { signal });
  const expected = { configFile: "./a.yaml", deployment: "web", log: { format: "json", level: "debug" } };
  assert.deepEqual(seen, [...Array(4).fill(expected), { ...expected, steps: true }]);
});

test("the host's configuration is /etc/holdfast/agent.yaml unless told otherwise", async () => {
  let seen: HostOptions | undefined;
  await runLine("plan", { plan: (options) => (seen = options, Promise.resolve([])) });
  assert.deepEqual(seen, {
    configFile: "/etc/holdfast/agent.yaml",
    deployment: undefined,
    log: { format: "text", level: "warning" },
    steps: false,
  });
});

const unapplied: Report = { ...samples.drift, outcomes: [], health: undefined, converged: false };
const endings: readonly (readonly [string, readonly Report[], number])[] = [
  ["plan", [samples.quiet], 0],
  ["plan", [unapplied], 2],
  ["plan", [samples.wrongPassphrase], 1],
  ["plan", [samples.denied], 3],
  ["plan", [samples.denied, unapplied], 2],
  ["plan", [unapplied, samples.wrongPassphrase, samples.quiet], 1],
  ["apply", [samples.quiet, samples.drift], 0],
  ["apply", [samples.failedStep], 1],
  ["apply", [samples.unverified], 1],
  ["apply", [samples.denied, samples.quiet], 3],
  ["apply", [unapplied], 2],
];
for (const [command, reports, expected] of endings) {
  test(`${command} exits ${expected} after ${reports.length} such reports`, async () => {
    const publish = (report: Report) => command === "plan" ? publishPlan(report) : publishReport(report);
    const use = () => Promise.resolve(reports.map(publish));
    for (const format of ["text", "json"]) {
      const { code, stdout } = await runLine(`${command} --format ${format}`, { [command]: use });
      assert.equal(code, expected);
      if (format === "json") assert.equal(JSON.parse(stdout).reports.length, reports.length);
    }
  });
}

test("apply prints how each deployment ended", async () => {
  const { stdout } = await runLine("apply", {
    apply: () => Promise.resolve([samples.drift, samples.failedStep].map(publishReport)),
  });
  assert.match(stdout, /^mender: converged at 7a4de3c\nmender: failed at 7a4de3c: container.create minio: Cannot/);
});

test("sync wakes the agent and names what it woke, and with --wait prints how the pass ended and exits as apply does", async () => {
  const asked: unknown[] = [];
  const sync: Application["sync"] = ({ deployment, until }) => {
    asked.push([deployment, until]);
    return Promise.resolve(
      until === "ring"
        ? { kind: "woken", deployments: ["infra", "mender"] }
        : { kind: "reported", reports: [publishReport(samples.failedStep)] },
    );
  };
  const rung = await runLine("sync", { sync });
  assert.deepEqual([rung.code, rung.stdout], [0, "infra: woken\nmender: woken\n"]);
  const named = JSON.parse((await runLine("sync --format json", { sync })).stdout);
  assert.deepEqual(named, { version: 1, woken: ["infra", "mender"] });
  const waited = await runLine("sync mender --wait", { sync });
  assert.equal(waited.code, 1);
  assert.match(waited.stdout, /^mender: failed at 7a4de3c/);
  const json = JSON.parse((await runLine("sync --wait --format json", { sync })).stdout);
  assert.equal(json.reports[0].state, "failed");
  assert.deepEqual(asked, [[undefined, "ring"], [undefined, "ring"], ["mender", "reported"], [undefined, "reported"]]);
});

test("report prints the last pass, or that there was none", async () => {
  const { code, stdout } = await runLine("report mender", {
    report: ({ deployment }) => {
      assert.equal(deployment, "mender");
      return Promise.resolve([publishReport(samples.drift)]);
    },
  });
  assert.equal(code, 0);
  assertGolden("cli/report.txt", stdout);
  const none = await runLine("report", { report: () => Promise.resolve([]) });
  assert.deepEqual([none.code, none.stdout, none.stderr], [1, "", "no pass has ended yet\n"]);
});

test("status tells whether an agent answers", async () => {
  const agent = { pid: 812, version: "0.1.0", commit: "ab".repeat(20), startedAt: "2026-11-24T01:00:00Z" };
  const deployments = [{ deployment: "web", state: "converged" }] as const;
  const shown = async (answer: HostStatus) => {
    const { stdout } = await runLine("status", { status: () => Promise.resolve(answer) });
    return stdout.trimEnd().split("\n").at(-1);
  };
  assert.equal(await shown({ agent, deployments }), "agent 0.1.0 has run for 3 h, process 812");
  assert.match(
    await shown({ agent: undefined, deployments }) ?? "",
    /^no agent answers: this is what the last one left/,
  );
  const json = await runLine("status --format json", {
    status: () => Promise.resolve({ agent: undefined, deployments }),
  });
  assert.equal(JSON.parse(json.stdout).agent, null);
});

test("install hands over where from and where to, and prints what was done", async () => {
  const asked: unknown[] = [];
  const install: Application["install"] = (options, onAction) => {
    asked.push(options);
    onAction({ kind: "wrote", what: "/usr/local/bin/holdfast" });
    onAction({ kind: "kept", what: "/etc/holdfast/agent.yaml", why: "it was there already" });
    return Promise.resolve();
  };
  const { code, stdout } = await runLine("install --repository /srv/a.git --ref v1 --path production", { install });
  assert.equal(code, 0);
  assert.equal(stdout, "wrote   /usr/local/bin/holdfast\nkept    /etc/holdfast/agent.yaml: it was there already\n");
  const json = await runLine("install --prefix /mnt --no-start --format json", { install });
  assert.deepEqual(JSON.parse(json.stdout).actions[0], { kind: "wrote", what: "/usr/local/bin/holdfast" });
  assert.deepEqual(asked, [
    { prefix: "/", deployment: { repository: "/srv/a.git", ref: "v1", path: "production" }, start: "now" },
    { prefix: "/mnt", deployment: undefined, start: "never" },
  ]);
});

test("install refuses a ref or path without the repository they are of", async () => {
  const { code, stderr } = await runLine("install --ref v1", {});
  assert.equal(code, 64);
  assert.match(stderr, /--ref and --path without --repository/);
});

test("uninstall prints what was removed and what was left", async () => {
  const { code, stdout } = await runLine("uninstall", {
    uninstall: ({ prefix }, onAction) => {
      assert.equal(prefix, "/");
      onAction({ kind: "left", what: "containers", why: "they go on as they are" });
      return Promise.resolve();
    },
  });
  assert.deepEqual([code, stdout], [0, "left    containers: they go on as they are\n"]);
});

test("place-keys exits 1 when the keys of a deployment could not be placed, and no help lists it", async () => {
  assert.equal((await runLine("place-keys", { placeKeys: () => Promise.resolve("placed") })).code, 0);
  assert.equal((await runLine("place-keys", { placeKeys: () => Promise.resolve("failed") })).code, 1);
  assert.equal((await runLine("--help", {})).stdout.includes("place-keys"), false);
});

const findings: Application["check"] = () =>
  Promise.resolve({ issues: samples.invalid.issues, verdicts: samples.denied.verdicts, sources: new Map() });

test("check prints what it found, with a count, and exits 1", async () => {
  const { code, stdout } = await runLine("check production", { check: findings });
  assert.equal(code, 1);
  assertGolden("cli/check.txt", stdout);
});

test("check exits 0 on warnings alone, and looks at the working directory by default", async () => {
  const warnings = samples.invalid.issues.filter(({ severity }) => severity === "warning");
  const { code, stdout } = await runLine("check", {
    check: ({ folder }) => {
      assert.equal(folder, ".");
      return Promise.resolve({ issues: warnings, verdicts: [], sources: new Map() });
    },
  });
  assert.equal(code, 0);
  assert.ok(stdout.endsWith(".: 1 warning\n"), stdout);
});

test("check --format json prints issues and verdicts", async () => {
  const { stdout } = await runLine("check --format json", { check: findings });
  const answer = JSON.parse(stdout);
  assert.deepEqual([answer.version, answer.issues.length, answer.verdicts.length], [1, 2, 2]);
});

test("config prints the model alone on standard output, warnings on standard error", async () => {
  const { code, stdout, stderr } = await runLine("config", {
    config: ({ format }) =>
      Promise.resolve({ kind: "model", text: `${format}\n`, warnings: samples.invalid.issues, sources: new Map() }),
  });
  assert.deepEqual([code, stdout], [0, "yaml\n"]);
  assert.match(stderr, /unknown key "polices"/);
});

for (const format of ["yaml", "json"]) {
  test(`config --format ${format} gives issues on standard error and exits 1`, async () => {
    const { code, stdout, stderr } = await runLine(`config --format ${format}`, {
      config: () => Promise.resolve({ kind: "issues", issues: samples.invalid.issues, sources: new Map() }),
    });
    assert.deepEqual([code, stdout], [1, ""]);
    if (format === "json") assert.equal(JSON.parse(stderr).issues[1].code, "MANIFEST_KEY");
    else assert.match(stderr, /production\/holdfast.yaml:12:1: error: unknown key "polices" \(MANIFEST_KEY\)/);
  });
}

const explanation: Explanation = {
  path: "services.web.environment.TAG",
  value: "1.2 x",
  steps: [
    {
      position: { file: "b.yaml", line: 2, column: 10 },
      how: "set",
      variables: [
        { name: "A", from: "file", position: { file: ".env", line: 3, column: 1 } },
        { name: "B", from: "given" },
        { name: "C", from: "unset" },
      ],
    },
    { position: { file: "a.yaml", line: 1, column: 4 }, how: "replaced", variables: [] },
  ],
};

test("config --explain prints the places behind a value, and the same as JSON", async () => {
  const sources = new Map([["b.yaml", "environment:\n    TAG: ${A} ${B}${C}\n"]]);
  const config = () => Promise.resolve({ kind: "explanation", explanation, sources } as const);
  const { code, stdout } = await runLine("config --explain service.web.environment.TAG", { config });
  assert.equal(code, 0);
  assertGolden("cli/config-explain.txt", stdout);
  const json = await runLine("config --explain service.web.environment.TAG --format json", { config });
  assert.deepEqual(JSON.parse(json.stdout), { version: 1, explanation });
});

test("config takes Compose's flags", async () => {
  let seen: ConfigOptions | undefined;
  const flags =
    "-f a.yaml -f b.yaml -p shop --project-directory d --profile x --profile y --env-file e --env A=1 --env B=c=d --env A=2 --format json --explain services.web";
  await runLine(`config ${flags}`, { config: (options) => (seen = options, Promise.reject(new Error("enough"))) });
  assert.deepEqual(seen, {
    folder: ".",
    root: undefined,
    files: ["a.yaml", "b.yaml"],
    project: "shop",
    projectDirectory: "d",
    profiles: ["x", "y"],
    envFiles: ["e"],
    environment: { A: "2", B: "c=d" },
    format: "json",
    explain: "services.web",
  });
});

test("config reads standard input for -f -, and only then", async () => {
  const inputs: (string | undefined)[] = [];
  const config = ({ input }: ConfigOptions) => {
    inputs.push(input && new TextDecoder().decode(input));
    return Promise.resolve({ kind: "model", text: "", warnings: [], sources: new Map() } as const);
  };
  for (const flags of ["-f a.yaml -f -", "-f a.yaml"]) {
    await runLine(`config ${flags}`, { config }, { input: "services: {}" });
  }
  assert.deepEqual(inputs, ["services: {}", undefined]);
});

test("version tells what was built", async () => {
  assert.equal((await runLine("version", {})).stdout, "holdfast 0.1.0 (linux-x64, commit abababababab)\n");
  assert.equal(JSON.parse((await runLine("version --format json", {})).stdout).holdfast.platform, "linux-x64");
  const build = { version: "0.1.0", commit: `${"ab".repeat(20)}+dirty`, platform: "linux-x64" };
  assert.match((await runLine("version", { build })).stdout, /commit abababababab\+dirty\)$/m);
});

const unreadable = new HoldfastError("CONFIG_INVALID", 'Cannot use "/etc/holdfast/agent.yaml": it has 2 issues', {
  retry: "operator",
  hint: "mend them and start again",
  issues: samples.invalid.issues,
});

test("an error names its code, its issues and what to do, and exits 1", async () => {
  const { code, stdout, stderr } = await runLine("plan", { plan: () => Promise.reject(unreadable) });
  assert.deepEqual([code, stdout], [1, ""]);
  assertGolden("cli/error.txt", stderr);
});

test("an error is JSON where the answer would have been", async () => {
  const { stderr } = await runLine("status --format=json", { status: () => Promise.reject(unreadable) });
  const { version, error } = JSON.parse(stderr);
  assert.deepEqual([version, error.code, error.issues.length], [1, "CONFIG_INVALID", 2]);
});

test("an error of run with --log-format json is one line of the log", async () => {
  const { stderr } = await runLine("run --log-format json", { run: () => Promise.reject(unreadable) });
  assert.equal(stderr.indexOf("\n"), stderr.length - 1);
  assert.equal(JSON.parse(stderr).level, "error");
});

test("an error of the service is lines of the journal, with its priority and 78 for what a person must mend", async () => {
  const env = { JOURNAL_STREAM: "8:1" };
  const { code, stderr } = await runLine("run", { run: () => Promise.reject(unreadable) }, { env });
  assert.equal(code, 78);
  assert.match(stderr, /^<3>Cannot use .* \(CONFIG_INVALID\); hint: mend them and start again\n(<3> {2}.*\n)+$/);
  const other = await runLine("plan", { plan: () => Promise.reject(unreadable) }, { env });
  assert.equal(other.code, 1);
  assert.match(other.stderr, /^error: /);
});

test("what was cancelled exits 130, and what is our defect says so", async () => {
  const cancelled = new HoldfastError("CANCELLED", "Cannot finish: a signal came", { retry: "operator", hint: "" });
  assert.equal((await runLine("plan", { plan: () => Promise.reject(cancelled) })).code, 130);
  const defect = await runLine("plan", { plan: () => Promise.reject(new TypeError("x is undefined")) });
  assert.equal(defect.code, 1);
  assert.match(defect.stderr, /x is undefined \(INTERNAL\)\nhint: this is a defect/);
});

test("colour is for terminals that want it", async () => {
  const plan = () => Promise.resolve([publishPlan(unapplied)]);
  const shown = async (options: Parameters<typeof runLine>[2]) =>
    (await runLine("plan", { plan }, options)).stdout.includes("\u001b[");
  assert.equal(await shown({ isTTY: true }), true);
  assert.equal(await shown({ isTTY: false }), false);
  assert.equal(await shown({ isTTY: true, env: { NO_COLOR: "1" } }), false);
  assert.equal(await shown({ isTTY: true, env: { TERM: "dumb" } }), false);
});
