import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiContainer, ApiEndpoint, ApiHostConfig } from "../../../src/adapters/docker/api.ts";
import { surroundings } from "../../../src/adapters/docker/peers.ts";
import { readContainer, readExposedPorts } from "../../../src/adapters/docker/read-container.ts";
import { anonymousVolumes } from "../../../src/adapters/docker/read-mounts.ts";
import { composeLabel } from "../../../src/model/labels.ts";

const id = "6f04af36e01d".padEnd(64, "0");
const peerId = "aaaaaaaaaaaa".padEnd(64, "0");
const foreignId = "bbbbbbbbbbbb".padEnd(64, "0");
const volume = "c".repeat(64);

const entry = (Id: string, name: string, Labels: Record<string, string>) => ({
  Id,
  Names: ["/p-web-1/db", `/${name}`],
  Image: "x",
  ImageID: "sha256:x",
  Labels,
  State: "running",
  Status: "Up 2 hours",
  Ports: [],
  NetworkSettings: null,
});

const around = surroundings(
  "p",
  [
    entry(peerId, "p-db-1", { [composeLabel.project]: "p", [composeLabel.service]: "db" }),
    entry(foreignId, "vpn", {}),
  ],
  [
    {
      Id: "n1",
      Name: "p_default",
      Driver: "bridge",
      Labels: { [composeLabel.project]: "p", [composeLabel.network]: "default" },
    },
    { Id: "n2", Name: "shared", Driver: "bridge", Labels: null },
  ],
);

interface Parts {
  readonly host?: ApiHostConfig;
  readonly networks?: Record<string, ApiEndpoint>;
  readonly volumes?: Record<string, unknown>;
  readonly hostname?: string;
}

function inspected({ host = {}, networks = {}, volumes, hostname = "web" }: Parts): ApiContainer {
  return {
    Id: id,
    Name: "/p-web-1",
    Created: "2026-01-01T00:00:00Z",
    Image: "sha256:x",
    RestartCount: 0,
    State: { Status: "created", ExitCode: 0, OOMKilled: false, Error: "", StartedAt: "", FinishedAt: "" },
    Config: { Image: "web:1", Hostname: hostname, Volumes: volumes },
    HostConfig: { NetworkMode: "p_default", ...host },
    Mounts: [],
    NetworkSettings: { Networks: networks },
  };
}

const read = (parts: Parts) => readContainer(inspected(parts), around).spec;

const aliases = [
  { name: "takes off 20.10's short id and hostname", have: ["a", id.slice(0, 12), "web"], want: ["a"] },
  { name: "keeps a hostname that was asked for", have: ["a", "web", id.slice(0, 12)], want: ["a", "web"] },
  { name: "takes off a short id that an older Compose asked for", have: [id.slice(0, 12), "a"], want: ["a"] },
  { name: "sorts what later Engines give back as it was", have: ["web", "a"], want: ["a", "web"] },
];
for (const { name, have, want } of aliases) {
  test(`readContainer() of aliases ${name}`, () => {
    assert.deepEqual(read({ networks: { p_default: { NetworkID: "n1", Aliases: have } } }).networks[0]!.aliases, want);
  });
}

test("readContainer() names networks by Compose's key, the network mode's first", () => {
  const networks = { other: { NetworkID: "n2" }, p_default: { NetworkID: "n1" } };
  assert.deepEqual(read({ networks }).networks.map(({ key, name }) => [key, name]), [["default", "p_default"], [
    "shared",
    "shared",
  ]]);
  assert.equal(read({ networks }).networkMode, undefined);
});

test("readContainer() sees no connection to a network that was removed, though another has its name", () => {
  assert.deepEqual(read({ networks: { p_default: { NetworkID: "gone" } } }).networks, []);
  assert.deepEqual(read({ networks: { p_default: { NetworkID: "" } } }).networks.map(({ key }) => key), ["default"]);
});

test("readContainer() gives the modes that are no network", () => {
  const mode = (NetworkMode: string) => read({ host: { NetworkMode }, networks: { bridge: { NetworkID: "n0" } } });
  assert.deepEqual(["host", "none", "bridge", "default"].map((name) => mode(name).networkMode), [
    "host",
    "none",
    "bridge",
    "bridge",
  ]);
  assert.deepEqual(mode("default").networks, []);
});

test("readContainer() names peers by id inside the project, by name outside", () => {
  const host = {
    NetworkMode: `container:${peerId}`,
    PidMode: `container:${foreignId}`,
    IpcMode: "container:unknown",
    VolumesFrom: [`${peerId}:ro`, foreignId],
  };
  const { networkMode, pid, ipc, volumesFrom } = read({ host });
  assert.deepEqual([networkMode, pid, ipc], [host.NetworkMode, "container:vpn", "container:unknown"]);
  assert.deepEqual(volumesFrom, [`${peerId}:ro`, "container:vpn"]);
});

test("readExposedPorts() says ports one by one, however Compose wrote them", () => {
  const ports = readExposedPorts(["9001-9002/udp", "80/tcp", "9000", "80"]);
  assert.deepEqual(ports, ["80/tcp", "9000/tcp", "9001/udp", "9002/udp"]);
});

test("readContainer() reads volumes of a container that was named by its name", () => {
  assert.deepEqual(read({ host: { VolumesFrom: ["vpn", "other:ro"] } }).volumesFrom, [
    "container:vpn",
    "container:other:ro",
  ]);
});

test("readContainer() reads links alike on the default bridge and elsewhere", () => {
  const Links = ["p-db-1:store", "p-db-1:db"];
  assert.deepEqual(read({ networks: { p_default: { NetworkID: "n1", Links } } }).links, ["p-db-1:db", "p-db-1:store"]);
  assert.deepEqual(read({ host: { NetworkMode: "bridge", Links: ["/p-db-1:/p-web-1/store"] } }).links, [
    "p-db-1:store",
  ]);
});

test("readContainer() reads a mount alike in every form that asks for it", () => {
  const mounts = (host: ApiHostConfig) => read({ host }).mounts;
  const short = mounts({ Binds: ["/a:/b:ro,z,rslave"] });
  assert.deepEqual(short, [
    {
      type: "bind",
      source: "/a",
      target: "/b",
      readOnly: true,
      createHostPath: true,
      propagation: "rslave",
      selinux: "z",
    },
  ]);
  const long = mounts({ Mounts: [{ Type: "volume", Source: "v", Target: "/v", ReadOnly: true }] });
  assert.deepEqual(long, mounts({ Binds: ["v:/v:ro"] }));
  assert.deepEqual(mounts({ Tmpfs: { "/t": "mode=700,size=1k" } }), [
    { type: "tmpfs", source: "", target: "/t", readOnly: false, tmpfsSizeBytes: 1024, tmpfsMode: 0o700 },
  ]);
});

test("readContainer() reads a taken over anonymous volume as an anonymous one", () => {
  const container = inspected({ host: { Binds: [`${volume}:/kept`] }, volumes: { "/image": {} } });
  const seen = {
    ...container,
    Mounts: [{ Type: "volume", Name: volume, Destination: "/kept" }, {
      Type: "volume",
      Name: "d".repeat(64),
      Destination: "/image",
    }],
  };
  const { mounts } = readContainer(seen, around).spec;
  assert.deepEqual(mounts.map(({ target, source }) => [target, source]), [["/image", ""], ["/kept", ""]]);
  assert.deepEqual([...anonymousVolumes(seen)], [["/image", "d".repeat(64)], ["/kept", volume]]);
});

test("readContainer() tells empty lists of paths of a privileged container from those of `systempaths=unconfined`", () => {
  const paths = { MaskedPaths: [], ReadonlyPaths: [] };
  assert.deepEqual(read({ host: paths }).securityOpt, ["systempaths=unconfined"]);
  assert.deepEqual(read({ host: { ...paths, Privileged: true } }).securityOpt, []);
  assert.deepEqual(read({ host: { MaskedPaths: null, ReadonlyPaths: null } }).securityOpt, []);
});
