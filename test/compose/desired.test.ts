import assert from "node:assert/strict";
import { test } from "node:test";
import { type DesiredResult, desiredState } from "../../src/compose/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { RevisionFiles } from "../../src/model/files.ts";
import { caseRoot } from "./corpus-case.ts";
import { loadTexts } from "./_load-text.ts";

const files: RevisionFiles = new Map(
  ["conf/a.conf", "conf/b.conf"].map((path) => [path, { mode: "file", oid: path, bytes: new Uint8Array() }]),
);

function desire(
  text: string,
  more: {
    readonly stopped?: readonly string[];
    readonly files?: RevisionFiles;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): DesiredResult {
  const variables = Object.entries(more.variables ?? {}).map(([name, value]) => [name, { value }] as const);
  const { project, issues } = loadTexts({ "compose.yaml": text }, { environment: new Map(variables) });
  assert.ok(project, JSON.stringify(issues));
  return desiredState(project, {
    folders: { checkout: caseRoot, project: caseRoot, keys: `${caseRoot}/keys`, secrets: "/run/case-secrets" },
    files: more.files ?? files,
    keys: { into: "keys", facts: new Map([["tls.key", { size: 1, mode: 0o600, uid: 0, gid: 0, digest: "d" }]]) },
    creatableVolumes: ["data"],
    stoppedServices: more.stopped ?? [],
    digestKey: digestKey(new Uint8Array(32)),
  });
}

test("desiredState() gives a container Compose's names, aliases, ports and limits", () => {
  const { desired } = desire(`services:
  web:
    image: nginx:1.27
    ports: ["8080:80", "53:53/udp"]
    expose: [9000]
    restart: on-failure:3
    networks: { default: { aliases: [www] } }
    mem_limit: 64m
    environment: { A: 1, UNSET: }
    depends_on: [db]
  db: { image: "postgres:17", container_name: the-db }
`);
  const web = desired!.services.get("web")!;
  assert.equal(web.name, "case-web-1");
  assert.equal(desired!.services.get("db")!.name, "the-db");
  assert.deepEqual(web.spec.networks[0]?.aliases, ["case-web-1", "web", "www"]);
  assert.deepEqual(web.spec.exposedPorts, ["53/udp", "80/tcp", "9000/tcp"]);
  assert.deepEqual(web.spec.restart, { name: "on-failure", maximumRetries: 3 });
  assert.equal(web.spec.resources.memoryBytes, 64 * 1024 * 1024);
  assert.deepEqual(web.spec.environment, { A: "1", UNSET: null });
  assert.deepEqual(web.dependsOn.map(({ service }) => service), ["db"]);
});

test("desiredState() gives a container its mounts as Compose does", () => {
  const { desired } = desire(`services:
  web:
    image: nginx:1.27
    tmpfs: ["/t:size=64m,mode=1777,noexec", "/r:ro", /p]
    volumes:
      - /srv/short:/short
      - { type: bind, source: /srv/long, target: /long }
      - { type: bind, source: /srv/bare, target: /bare, bind: {} }
      - { type: volume, target: /anonymous, volume: { labels: { a: b } } }
`);
  const plain = { readOnly: false };
  const tmpfs = { type: "tmpfs", source: "", tmpfsOptions: [] };
  assert.deepEqual(desired!.services.get("web")!.spec.mounts, [
    { type: "volume", source: "", target: "/anonymous", ...plain, labels: { a: "b" } },
    { type: "bind", source: "/srv/bare", target: "/bare", ...plain, createHostPath: false },
    { type: "bind", source: "/srv/long", target: "/long", ...plain, createHostPath: true },
    { ...tmpfs, target: "/p", ...plain },
    { ...tmpfs, target: "/r", readOnly: true },
    { type: "bind", source: "/srv/short", target: "/short", ...plain, createHostPath: true },
    { ...tmpfs, target: "/t", ...plain, tmpfsSizeBytes: 64 * 1024 * 1024, tmpfsMode: 0o1777, tmpfsOptions: ["noexec"] },
  ]);
});

test("desiredState() names containers as Compose 1 did where COMPOSE_COMPATIBILITY asks for it", () => {
  const text = "services: {a: {image: x, links: [b]}, b: {image: y, scale: 2}}";
  const { desired } = desire(text, { variables: { COMPOSE_COMPATIBILITY: "true" } });
  const { name, spec } = desired!.services.get("a")!;
  const links = ["case_b_1", "case_b_2"].flatMap((container) =>
    ["b", "b_1", "case_b_1"].map((as) => `${container}:${as}`)
  );
  assert.deepEqual([name, spec.networks[0]?.aliases, spec.links], ["case_a_1", ["a", "case_a_1"], links]);
});

test("desiredState() takes DOCKER_DEFAULT_PLATFORM where a service names no platform", () => {
  const text = "services: {a: {image: x}, b: {image: y, platform: linux/arm64}}";
  const { desired } = desire(text, { variables: { DOCKER_DEFAULT_PLATFORM: "linux/amd64" } });
  assert.deepEqual([...desired!.services.values()].map(({ spec }) => spec.platform), ["linux/amd64", "linux/arm64"]);
});

test("desiredState() hashes the volumes of a container that is named without their mode, as Compose does", () => {
  const { desired } = desire("services: {a: {image: x, volumes_from: ['container:vpn:ro']}}");
  const [hashed, ...more] = desired!.services.get("a")!.sharedConfig!;
  assert.match(String(hashed), /"volumes_from":\["vpn"\]/);
  assert.deepEqual(more, []);
});

test("desiredState() links to each container of a service", () => {
  const { desired } = desire("services: {a: {image: x, links: ['b:bee']}, b: {image: y, scale: 2}}");
  const names = ["bee", "b-1", "case-b-1"];
  const links = ["case-b-1", "case-b-2"].flatMap((container) => names.map((name) => `${container}:${name}`));
  assert.deepEqual(desired!.services.get("a")!.spec.links, links);
});

test("desiredState() counts CPUs in billionths as Compose rounds them", () => {
  const { desired } = desire("services: {a: {image: x, cpus: 0.1}, b: {image: y, cpus: 1.23456789}}");
  const cpus = [...desired!.services.values()].map(({ spec }) => spec.resources.cpus);
  assert.deepEqual(cpus, [0.1, 1.234567936]);
});

test("desiredState() warns of an environment key without a value", () => {
  const { issues } = desire("services: {a: {image: x, environment: [UNSET]}}");
  assert.deepEqual(issues.map(({ code, severity }) => `${severity} ${code}`), ["warning ENVIRONMENT_UNSET"]);
});

test("desiredState() digests what a service binds, so that a changed file is found", () => {
  const text = "services: {a: {image: x, volumes: ['./conf:/conf:ro', './keys/tls.key:/tls.key']}}";
  const before = desire(text).desired!.services.get("a")!.boundFiles;
  assert.deepEqual(before.map(({ origin, path }) => `${origin} ${path}`), ["checkout conf", "keys tls.key"]);
  const changed = new Map(
    [...files, ["conf/b.conf", { mode: "executable", oid: "other", bytes: new Uint8Array() }]] as const,
  );
  const after = desire(text, { files: changed }).desired!.services.get("a")!.boundFiles;
  assert.notEqual(after[0]!.digest, before[0]!.digest);
  assert.equal(after[1]!.digest, before[1]!.digest);
});

test("desiredState() delivers the text of configs as read-only files on tmpfs", () => {
  const { desired } = desire(
    "services: {a: {image: x, configs: [{source: c, target: /etc/c, uid: '5', mode: 0440}]}}\nconfigs: {c: {content: hello}}",
  );
  assert.deepEqual(
    desired!.secretFiles.map(({ path, uid, mode, bytes }) => ({
      path,
      uid,
      mode,
      text: new TextDecoder().decode(bytes),
    })),
    [
      { path: "config.c.5.0.440", uid: 5, mode: 0o440, text: "hello" },
    ],
  );
  assert.deepEqual(desired!.services.get("a")!.spec.mounts, [
    { type: "bind", source: "/run/case-secrets/config.c.5.0.440", target: "/etc/c", readOnly: true },
  ]);
});

test("desiredState() creates external volumes that the manifest names", () => {
  const { desired } = desire(
    "services: {a: {image: x, volumes: ['data:/d', 'other:/o']}}\nvolumes: {data: {external: true}, other: {external: true}}",
  );
  assert.deepEqual([...desired!.volumes.values()].map(({ key, create }) => `${key} ${create}`), [
    "data true",
    "other false",
  ]);
});

test("desiredState() keeps services stopped that the manifest wants stopped", () => {
  assert.equal(desire("services: {a: {image: x}}", { stopped: ["a"] }).desired!.services.get("a")!.desired, "stopped");
});

const refused: readonly { readonly name: string; readonly text: string; readonly code: string }[] = [
  {
    name: "a bind of a file that is not in the revision",
    text: "services: {a: {image: x, volumes: ['./nope:/x']}}",
    code: "BIND_SOURCE_MISSING",
  },
  {
    name: "a key that is not in the bundle",
    text: "services: {a: {image: x, volumes: ['./keys/nope:/x']}}",
    code: "BIND_SOURCE_MISSING",
  },
  {
    name: "a relative bind that leaves the repository",
    text: "services: {a: {image: x, volumes: ['../x:/x']}}",
    code: "COMPOSE_PATH_OUTSIDE",
  },
  { name: "a service with build alone", text: "services: {a: {build: .}}", code: "SERVICE_BUILD_ONLY" },
  {
    name: "two services on one port",
    text: "services: {a: {image: x, ports: ['80:80']}, b: {image: y, ports: ['127.0.0.1:80:81']}}",
    code: "PORT_CONFLICT",
  },
  {
    name: "replicas on one port",
    text: "services: {a: {image: x, scale: 2, ports: ['80:80']}}",
    code: "PORT_CONFLICT",
  },
  {
    name: "a restart policy of no meaning",
    text: "services: {a: {image: x, restart: sometimes}}",
    code: "RESTART_POLICY",
  },
  { name: "a volume of one letter", text: "services: {a: {image: x, volumes: ['v:/d']}}", code: "COMPOSE_VALUE" },
  {
    name: "an external secret",
    text: "services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {external: true}}",
    code: "SECRET_SOURCE",
  },
  {
    name: "a secret of an unset variable",
    text: "services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {environment: NOPE}}",
    code: "SECRET_SOURCE",
  },
  {
    name: "two MAC addresses in one network",
    text: "services: {a: {image: x, mac_address: '02:42:ac:11:00:02', " +
      "networks: {n: {mac_address: '02:42:ac:11:00:03'}}}}\nnetworks: {n: {}}",
    code: "COMPOSE_CONFLICT",
  },
  { name: "a provider", text: "services: {a: {provider: {type: x}}}", code: "KEY_REFUSED" },
  { name: "hooks", text: "services: {a: {image: x, post_start: [{command: y}]}}", code: "KEY_REFUSED" },
];
for (const { name, text, code } of refused) {
  test(`desiredState() refuses ${name}, with its line`, () => {
    const { desired, issues } = desire(text);
    assert.equal(desired, undefined);
    const errors = issues.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors.map((error) => error.code), [code]);
    assert.ok(errors[0]!.position && errors[0]!.hint);
  });
}

test("desiredState() reports a missing file of a config where the config is defined", () => {
  const { issues } = desire(
    "services:\n  a: { image: x, configs: [c] }\n  b: { image: x, configs: [c] }\nconfigs:\n  c:\n    file: ./none.conf\n",
  );
  assert.deepEqual(issues.map(({ code, position }) => `${position?.line} ${code}`), ["6 BIND_SOURCE_MISSING"]);
});

test("desiredState() names the file that a misspelled bind most likely means", () => {
  const { issues } = desire("services: { a: { image: x, volumes: ['./conf/a.cnof:/a'] } }");
  assert.deepEqual(issues.map(({ code, hint }) => `${code} ${hint}`), [
    'BIND_SOURCE_MISSING did you mean "conf/a.conf"?',
  ]);
});

test("desiredState() reports a variable of a secret that is not set where it is named", () => {
  const { issues } = desire(
    "services:\n  a: { image: x, secrets: [s] }\nsecrets:\n  s:\n    environment: NONE\n",
  );
  assert.deepEqual(issues.map(({ code, position }) => `${position?.line} ${code}`), ["5 SECRET_SOURCE"]);
});

test("desiredState() reports a value that services extend once", () => {
  const { issues } = desire(
    "services:\n  a:\n    image: x\n    restart: sometimes\n  b: { extends: a }\n  c: { extends: a }\n",
  );
  assert.deepEqual(issues.map(({ code, position }) => `${position?.line} ${code}`), ["4 RESTART_POLICY"]);
});

const publications: readonly (readonly [a: string, b: string, meet: boolean])[] = [
  ["80:80", "80:80", true],
  ["80:80", "127.0.0.1:80:80", true],
  ["80:80", "[::1]:80:80", true],
  ["0.0.0.0:80:80", "127.0.0.1:80:80", true],
  ["[::]:80:80", "[::1]:80:80", true],
  ["0.0.0.0:80:80", "[::]:80:80", false],
  ["127.0.0.1:80:80", "[::]:80:80", false],
  ["127.0.0.1:80:80", "127.0.0.2:80:80", false],
  ["80:80", "80:80/udp", false],
];
for (const [a, b, meet] of publications) {
  test(`desiredState() ${meet ? "refuses" : "takes"} ${a} of one service and ${b} of another`, () => {
    const { issues } = desire(`services: {a: {image: x, ports: ['${a}']}, b: {image: x, ports: ['${b}']}}`);
    assert.deepEqual(issues.map(({ code }) => code), meet ? ["PORT_CONFLICT"] : []);
  });
}

test("desiredState() leaves absolute paths of the host to policies", () => {
  assert.notEqual(
    desire("services: {a: {image: x, volumes: ['/etc/localtime:/etc/localtime:ro']}}").desired,
    undefined,
  );
});
