import assert from "node:assert/strict";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { composeFile, createHost, keyText, lineOf } from "./host.ts";
import {
  allRun,
  apply,
  assertConverged,
  differences,
  type FoundField,
  look,
  readInContainer,
  recreated,
  type Scene,
  served,
  statusOf,
  touched,
} from "./judge.ts";

const host = await createHost("drift");
after(() => host.dispose());
before(() => apply(host));

interface Drift {
  readonly name: string;
  /** What somebody does on the host. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** What `plan` says of it. */
  readonly found: readonly Partial<FoundField>[];
  /** The services whose container is started anew or replaced; the others keep theirs running. */
  readonly touched: readonly string[];
  readonly recreated: readonly string[];
  /** What must be so again. */
  readonly mended?: (scene: Scene) => Promise<unknown>;
}

const compose = composeFile(host);
const { docker } = host.engine;
const container = (scene: Scene, service: string) => docker.getContainer(scene.get(service)!.Id);
const network = `${host.project}_default`;

const drifts: readonly Drift[] = [
  {
    name: "a container that was killed",
    act: (scene) => container(scene, "db").kill(),
    found: [{ resource: "service/db", cause: "drifted", field: "state", want: "running" }],
    touched: ["db"],
    recreated: [],
  },
  {
    name: "a container that was removed",
    act: (scene) => container(scene, "api").remove({ force: true }),
    found: [{ resource: "service/api", cause: "missing" }],
    touched: ["api"],
    recreated: ["api"],
    mended: async (scene) => assert.equal(await readInContainer(host, scene.get("api")!.Id, "/run/api.key"), keyText),
  },
  {
    name: "another memory limit where git has one",
    act: (scene) => container(scene, "web").update({ Memory: 128 << 20, MemorySwap: 256 << 20 }),
    found: [{
      resource: "service/web",
      cause: "drifted",
      field: "memory limit",
      want: String(64 << 20),
      have: String(128 << 20),
      place: `compose.yaml:${lineOf(compose, "mem_limit")}`,
    }],
    touched: [],
    recreated: [],
    mended: async (scene) => assert.equal(scene.get("web")!.HostConfig.Memory, 64 << 20),
  },
  {
    name: "a memory limit where git has none",
    act: (scene) => container(scene, "db").update({ Memory: 512 << 20, MemorySwap: 1024 << 20 }),
    found: [{ resource: "service/db", cause: "drifted", field: "memory limit", want: "", have: String(512 << 20) }],
    touched: ["db"],
    recreated: ["db"],
    mended: async (scene) => assert.equal(scene.get("db")!.HostConfig.Memory, 0),
  },
  {
    name: "a network that was removed",
    act: async (scene) => {
      await Promise.all(
        [...scene.values()].map(({ Id: Container }) =>
          docker.getNetwork(network).disconnect({ Container, Force: true })
        ),
      );
      await docker.getNetwork(network).remove();
    },
    found: [
      { resource: "network/default", cause: "missing" },
      { resource: "service/api", field: "network default", have: "" },
      { resource: "service/db", field: "network default", have: "" },
      { resource: "service/web", field: "network default", have: "" },
    ],
    touched: [],
    recreated: [],
    mended: async () => assert.equal(await served(host), "first\n"),
  },
  {
    name: "a volume that was removed with its container",
    act: async (scene) => {
      await container(scene, "db").remove({ force: true });
      await docker.getVolume(`${host.project}_data`).remove();
    },
    found: [{ resource: "service/db", cause: "missing" }, { resource: "volume/data", cause: "missing" }],
    touched: ["db"],
    recreated: ["db"],
  },
  {
    name: "a bound file that was edited on the host",
    act: () => writeFile(join(host.folders.checkout, "site/index.html"), "defaced\n"),
    found: [
      { resource: "file/site/index.html", cause: "drifted", have: "edited on the host" },
      {
        resource: "service/web",
        cause: "drifted",
        field: "file site/index.html",
        place: `compose.yaml:${lineOf(compose, "volumes")}`,
      },
    ],
    touched: ["web"],
    recreated: ["web"],
    mended: async () => assert.equal(await served(host), "first\n"),
  },
  {
    name: "a tracked file that was removed, and one with other permissions",
    act: async () => {
      await rm(join(host.folders.checkout, "compose.yaml"));
      await chmod(join(host.folders.checkout, "holdfast.yaml"), 0o777);
    },
    found: [
      { resource: "file/compose.yaml", have: "removed on the host" },
      { resource: "file/holdfast.yaml", have: "other permissions on the host" },
    ],
    touched: [],
    recreated: [],
  },
];

for (const drift of drifts) {
  test(`${drift.name} is found, told once, and corrected without touching anything else`, async () => {
    const first = await look(host);
    await drift.act(first);
    const found = await differences(host);
    const { stderr } = await apply(host); // also where the next line fails: the tests after it start from here
    assert.deepEqual(found.map((each, index) => pick(each, drift.found[index] ?? {})), drift.found);
    for (const { resource } of drift.found) assert.equal(told(stderr, resource!), 1, stderr);
    const mended = await look(host);
    assert.deepEqual(statusOf(mended), allRun);
    assert.deepEqual([touched(first, mended), recreated(first, mended)], [drift.touched, drift.recreated]);
    await drift.mended?.(mended);
  });
}

// Before that, each test has found its own drift and no other: what was corrected before it stayed so.
test("plan is empty after all of that", () => assertConverged(host));

/** The fields of what was found that a test names. */
function pick(found: FoundField, named: Partial<FoundField>): Partial<FoundField> {
  const names = Object.keys(named) as (keyof FoundField)[];
  return names.length === 0 ? found : Object.fromEntries(names.map((name) => [name, found[name]]));
}

/** In how many lines the journal speaks of a resource. */
function told(journal: string, resource: string): number {
  return journal.split("\n").filter((line) => line.includes(` ${resource} `)).length;
}
