import assert from "node:assert/strict";
import { test } from "node:test";
import { createBody } from "../../../src/adapters/docker/create-body.ts";
import type { ContainerSpec, Mount, NetworkAttachment } from "../../../src/model/container.ts";
import { minimalSpec } from "../../support/container-spec.ts";

const context = { api: 51, labels: { ours: "1" }, inherited: new Map<string, string>() };

function body(more: Partial<ContainerSpec>, changed: Partial<typeof context> = {}) {
  return createBody(minimalSpec("web:1", more), { ...context, ...changed });
}

function attachment(name: string, more: Partial<NetworkAttachment> = {}): NetworkAttachment {
  return { key: name, name: `p_${name}`, aliases: ["web"], linkLocalIps: [], driverOptions: {}, ...more };
}

test("createBody() says nothing that the service does not say", () => {
  assert.deepEqual(body({ networks: [attachment("a")] }).body, {
    Image: "web:1",
    Env: [],
    Labels: { ours: "1" },
    ExposedPorts: {},
    HostConfig: {
      NetworkMode: "p_a",
      RestartPolicy: { Name: "no" },
      Binds: [],
      Mounts: [],
      Tmpfs: {},
    },
    NetworkingConfig: { EndpointsConfig: { p_a: { Aliases: ["web"] } } },
  });
});

test("createBody() gives old Engines one network, and leaves the others for later", () => {
  const networks = [attachment("a"), attachment("b"), attachment("c")];
  const now = (api: number) => Object.keys(body({ networks }, { api }).body.NetworkingConfig.EndpointsConfig);
  const later = (api: number) => body({ networks }, { api }).later.map(({ key }) => key);
  assert.deepEqual([now(41), later(41)], [["p_a"], ["b", "c"]]);
  assert.deepEqual([now(44), later(44)], [["p_a", "p_b", "p_c"], []]);
});

test("createBody() puts the MAC address where the API version has it", () => {
  const spec = { macAddress: "02:00:00:00:00:01", networks: [attachment("a")] };
  const old = body(spec, { api: 43 }).body;
  assert.deepEqual([old.MacAddress, old.NetworkingConfig.EndpointsConfig["p_a"]!.MacAddress], [
    spec.macAddress,
    undefined,
  ]);
  const now = body(spec, { api: 44 }).body;
  assert.deepEqual([now.MacAddress, now.NetworkingConfig.EndpointsConfig["p_a"]!.MacAddress], [
    undefined,
    spec.macAddress,
  ]);
});

test("createBody() leaves out what the API version does not know", () => {
  const spec = {
    annotations: { a: "b" },
    healthcheck: { test: ["CMD", "true"], startIntervalMs: 500 },
    networks: [attachment("a", { gatewayPriority: 5 })],
  };
  const fields = (api: number) => {
    const made = body(spec, { api }).body;
    const { GwPriority } = made.NetworkingConfig.EndpointsConfig["p_a"]!;
    return [made.HostConfig.Annotations, made.Healthcheck?.StartInterval, GwPriority];
  };
  assert.deepEqual(fields(41), [undefined, undefined, undefined]);
  assert.deepEqual(fields(43), [{ a: "b" }, undefined, undefined]);
  assert.deepEqual(fields(44), [{ a: "b" }, 500_000_000, undefined]);
  assert.deepEqual(fields(48), [{ a: "b" }, 500_000_000, 5]);
});

const bind: Mount = { type: "bind", source: "/srv/a", target: "/a", readOnly: true };
const mounts: readonly {
  name: string;
  mount: Mount;
  binds?: string[];
  mounts?: object[];
  tmpfs?: Record<string, string>;
}[] = [
  { name: "a bind that Docker may make", mount: { ...bind, createHostPath: true }, binds: ["/srv/a:/a:ro"] },
  {
    name: "a bind whose source must be there",
    mount: { ...bind, createHostPath: false },
    mounts: [{ Type: "bind", Source: "/srv/a", Target: "/a", ReadOnly: true, BindOptions: {} }],
  },
  {
    name: "an SELinux label",
    mount: { ...bind, selinux: "Z", propagation: "rslave" },
    binds: ["/srv/a:/a:ro,Z,rslave"],
  },
  {
    name: "a bind that is not recursive",
    mount: { ...bind, readOnly: false, recursive: "disabled" },
    mounts: [{ Type: "bind", Source: "/srv/a", Target: "/a", BindOptions: { NonRecursive: true } }],
  },
  {
    name: "a named volume",
    mount: { type: "volume", source: "data", target: "/d", readOnly: false },
    binds: ["data:/d:rw"],
  },
  {
    name: "a named volume with labels",
    mount: { type: "volume", source: "data", target: "/d", readOnly: false, labels: { a: "b" } },
    mounts: [{ Type: "volume", Source: "data", Target: "/d", VolumeOptions: { Labels: { a: "b" } } }],
  },
  {
    name: "a host folder without what is mounted below it",
    mount: { type: "bind", source: "/a", target: "/d", readOnly: true, createHostPath: true, recursive: "disabled" },
    mounts: [{
      Type: "bind",
      Source: "/a",
      Target: "/d",
      ReadOnly: true,
      BindOptions: { CreateMountpoint: true, NonRecursive: true },
    }],
  },
  {
    name: "a host folder that Docker makes, with a propagation",
    mount: { type: "bind", source: "/a", target: "/d", readOnly: false, createHostPath: true, propagation: "rslave" },
    mounts: [{
      Type: "bind",
      Source: "/a",
      Target: "/d",
      BindOptions: { CreateMountpoint: true, Propagation: "rslave" },
    }],
  },
  {
    name: "a short tmpfs without options",
    mount: { type: "tmpfs", source: "", target: "/t", readOnly: false, tmpfsOptions: [] },
    tmpfs: { "/t": "" },
  },
  {
    name: "a part of a volume",
    mount: { type: "volume", source: "data", target: "/d", readOnly: false, subpath: "x" },
    mounts: [{ Type: "volume", Source: "data", Target: "/d", VolumeOptions: { Subpath: "x" } }],
  },
  {
    name: "an anonymous volume",
    mount: { type: "volume", source: "", target: "/d", readOnly: false },
    mounts: [{ Type: "volume", Target: "/d" }],
  },
  {
    name: "a tmpfs",
    mount: { type: "tmpfs", source: "", target: "/t", readOnly: false, tmpfsSizeBytes: 1024, tmpfsMode: 0o700 },
    mounts: [{ Type: "tmpfs", Target: "/t", TmpfsOptions: { SizeBytes: 1024, Mode: 0o700 } }],
  },
  {
    name: "a tmpfs with other options",
    mount: {
      type: "tmpfs",
      source: "",
      target: "/t",
      readOnly: false,
      tmpfsSizeBytes: 1024,
      tmpfsMode: 0o700,
      tmpfsOptions: ["noexec"],
    },
    tmpfs: { "/t": "noexec,size=1024,mode=700" },
  },
];

for (const { name, mount, binds = [], mounts: asMounts = [], tmpfs = {} } of mounts) {
  test(`createBody() asks for ${name}`, () => {
    const { Binds, Mounts, Tmpfs } = body({ mounts: [mount] }).body.HostConfig;
    assert.deepEqual({ Binds, Mounts, Tmpfs }, { Binds: binds, Mounts: asMounts, Tmpfs: tmpfs });
  });
}

test("createBody() mounts a predecessor's anonymous volumes by name, the image's too", () => {
  const anonymous: Mount = { type: "volume", source: "", target: "/d", readOnly: true };
  const inherited = new Map([["/d", "1".repeat(64)], ["/image", "2".repeat(64)]]);
  const { Binds, Mounts } = body({ mounts: [anonymous] }, { inherited }).body.HostConfig;
  assert.deepEqual([Binds, Mounts], [[`${"1".repeat(64)}:/d:ro`, `${"2".repeat(64)}:/image`], []]);
});

test("createBody() sends the Engine's own form of what clients say otherwise", () => {
  const { HostConfig, Env, NetworkingConfig } = body({
    environment: { B: "1=2", A: null },
    securityOpt: ["label=disable", "systempaths=unconfined"],
    restart: { name: "always", maximumRetries: 3 },
    links: ["p-db-1:db"],
    networks: [attachment("a")],
  }).body;
  assert.deepEqual(Env, ["A", "B=1=2"]);
  assert.deepEqual([HostConfig.SecurityOpt, HostConfig.MaskedPaths, HostConfig.ReadonlyPaths], [
    ["label=disable"],
    [],
    [],
  ]);
  assert.deepEqual(HostConfig.RestartPolicy, { Name: "always" });
  assert.deepEqual([HostConfig.Links, NetworkingConfig.EndpointsConfig["p_a"]!.Links], [undefined, ["p-db-1:db"]]);
  assert.deepEqual(body({ links: ["db:db"], networkMode: "bridge" }).body.HostConfig.Links, ["db:db"]);
});
