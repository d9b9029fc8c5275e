import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "../../src/agent/deployment.ts";
import { planOnce } from "../../src/agent/one-pass.ts";
import { runPass } from "../../src/agent/run-pass.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { Report } from "../../src/report/report.ts";
import { stateOf } from "../../src/report/status.ts";
import { type Files, type MemoryDeployment, memoryDeployment } from "./deployment.ts";
import { rewritingEngine, withContainer } from "./rewriting-engine.ts";

const calm = new AbortController().signal;
const manifest = "project: demo\nverify: { running: 0s, timeout: 5s }\n";
const files: Files = {
  "holdfast.yaml": manifest,
  "compose.yaml":
    "services: { web: { image: example/web:1, shm_size: 128m, mem_limit: 256m }, db: { image: example/db:1 } }\n",
};

/** A deployment on an Engine whose looks come out changed, and passes over it as the service makes them. */
class Fight {
  readonly world: MemoryDeployment;
  readonly deployment: Deployment;
  readonly reports: Report[] = [];

  constructor(rewrite: (observed: ObservedState) => ObservedState, pushed: Files = files) {
    this.world = memoryDeployment();
    for (const key of ["web", "db"]) this.world.engine.host.publishImage(`example/${key}:1`);
    this.world.push(pushed);
    const { deployment, engine } = this.world;
    this.deployment = { ...deployment, ports: { ...deployment.ports, engine: rewritingEngine(engine, rewrite) } };
  }

  get last(): Report {
    return this.reports.at(-1)!;
  }

  /** @returns how many containers each of the passes made */
  async passes(count: number, options: { readonly asked?: boolean } = {}): Promise<number[]> {
    const made = [];
    for (let pass = 0; pass < count; pass++) {
      const before = this.calls("createContainer");
      const previous = this.reports.at(-1);
      const { report } = await runPass(
        this.deployment,
        { mode: "enforce", full: false, previous, logs: true, ...options },
        calm,
      );
      this.reports.push(report);
      made.push(this.calls("createContainer") - before);
    }
    return made;
  }

  calls(method: string): number {
    return this.world.engine.calls.filter((call) => call.method === method).length;
  }

  told(words: string): number {
    return this.world.journal.filter((line) => line.includes(words)).length;
  }
}

function withSpec(observed: ObservedState, change: object): ObservedState {
  return withContainer(observed, "demo-web-1", ({ spec }) => ({ spec: { ...spec, ...change } }));
}

/** Another answer in every look, and never git's. */
function otherEachTime(change: (value: number) => object): (observed: ObservedState) => ObservedState {
  let value = 1000;
  return (observed) => withSpec(observed, change(++value));
}

const words = "corrections do not last";

test("a field of which the Engine always makes something else is corrected twice at most, and said once", async () => {
  const fight = new Fight(otherEachTime((shmSizeBytes) => ({ shmSizeBytes })));
  const made = await fight.passes(8);
  assert.equal(made[0], 2); // web and db
  assert.equal(made.slice(1).reduce((sum, count) => sum + count) <= 2, true, made.join());
  assert.deepEqual(made.slice(3), [0, 0, 0, 0, 0]);
  assert.deepEqual([fight.told(words), fight.last.converged, stateOf(fight.last)], [1, false, "pending"]);
  const [notice] = fight.last.plan!.notices;
  assert.deepEqual(notice!.fields.map(({ field, want, position }) => [field, want, position?.file]), [
    ["shared memory", "134217728", "compose.yaml"],
  ]);
  assert.match(notice!.hint, /drift: \{ ignore: \[ \{ service: web, field: "shm_size" \} \] \}/);
});

test("what is given up is in the plan of anybody who looks, and everything else stays enforced", async () => {
  const fight = new Fight(otherEachTime((shmSizeBytes) => ({ shmSizeBytes })));
  await fight.passes(4);
  const plan = await planOnce(fight.deployment, calm);
  assert.deepEqual([plan.converged, plan.plan?.notices.map(({ kind }) => kind)], [false, ["unlasting"]]);
  for (let times = 0; times < 4; times++) {
    fight.world.engine.host.exit("demo-web-1");
    fight.world.engine.host.remove("demo-db-1");
    assert.deepEqual(await fight.passes(1), [1]);
    assert.deepEqual(fight.last.outcomes.map(({ result }) => result).every((result) => result === "done"), true);
    assert.deepEqual(fight.last.left, []);
  }
  assert.equal(fight.told(words), 1);
});

test("an agent that starts again still knows what it has given up, and one that is asked tries again, once", async () => {
  const fight = new Fight(otherEachTime((shmSizeBytes) => ({ shmSizeBytes })));
  await fight.passes(4);
  fight.reports.length = 0; // what the agent before has said is not known any more
  assert.deepEqual(await fight.passes(3), [0, 0, 0]);
  assert.equal(fight.told(words), 2);
  assert.deepEqual(await fight.passes(1, { asked: true }), [1]);
  const made = await fight.passes(4);
  assert.equal(made.reduce((sum, count) => sum + count) <= 1, true, made.join());
});

test("git tries again when it changes the service, and not when it changes something else", async () => {
  const fight = new Fight(otherEachTime((shmSizeBytes) => ({ shmSizeBytes })));
  await fight.passes(4);
  fight.world.push({ ...files, "README.md": "words" });
  assert.deepEqual(await fight.passes(2), [0, 0]);
  fight.world.push({ ...files, "compose.yaml": files["compose.yaml"]!.replace("128m", "64m") });
  const made = await fight.passes(5);
  assert.equal(made[0], 1);
  assert.equal(made.slice(1).reduce((sum, count) => sum + count) <= 2, true, made.join());
});

test("drift.ignore ends it without touching a container", async () => {
  const fight = new Fight(otherEachTime((shmSizeBytes) => ({ shmSizeBytes })));
  await fight.passes(4);
  fight.world.push({
    ...files,
    "holdfast.yaml": `${manifest}drift: { ignore: [{ service: web, field: shm_size }] }\n`,
  });
  assert.deepEqual(await fight.passes(2), [0, 0]);
  assert.equal(fight.last.converged, true);
});

test("it is tried again with another Engine, and with another image", async () => {
  let version = "28.5.2";
  const rewrite = otherEachTime((shmSizeBytes) => ({ shmSizeBytes }));
  const fight = new Fight((observed) => rewrite({ ...observed, engine: { ...observed.engine, version } }));
  await fight.passes(4);
  version = "28.5.3";
  assert.deepEqual(await fight.passes(1), [1]);
  await fight.passes(3);
  fight.world.engine.host.addImage("example/web:1");
  assert.deepEqual(await fight.passes(1), [1]);
  assert.equal((await fight.passes(6)).slice(2).every((count) => count === 0), true);
});

test("a limit that can be changed on the live container is given up too, when it never lasts", async () => {
  const fight = new Fight(otherEachTime((memoryBytes) => ({ resources: { memoryBytes } })));
  await fight.passes(8);
  assert.equal(fight.calls("updateContainer") <= 2, true);
  assert.deepEqual([fight.told(words), fight.last.outcomes.length, fight.last.converged], [1, 0, false]);
});

test("an Engine that answers rightly after each pass, and otherwise before the next one, does not get its way either", async () => {
  let looks = 0;
  const fight = new Fight((observed) => ++looks % 3 === 1 ? withSpec(observed, { shmSizeBytes: looks }) : observed);
  const made = [];
  for (let pass = 0; pass < 8; pass++) {
    looks = 0; // the first look of each pass comes out otherwise
    made.push(...await fight.passes(1));
  }
  assert.equal(made.slice(1).reduce((sum, count) => sum + count) <= 2, true, made.join());
  assert.equal(fight.told(words), 1);
});

test("a label of ours that the Engine rewrites costs two containers at most", async () => {
  const digest = "net.holdfast.digest";
  const fight = new Fight((observed) =>
    withContainer(observed, "demo-web-1", ({ labels }) => ({
      labels: Object.fromEntries(
        Object.entries(labels).map((
          [name, value],
        ) => [name, name.endsWith("digest") || name === digest ? `${value.slice(0, -4)}0000` : value]),
      ),
    }))
  );
  const made = await fight.passes(8);
  assert.equal(made.slice(1).reduce((sum, count) => sum + count) <= 2, true, made.join());
});

test("a network that the Engine always answers otherwise is replaced twice at most", async () => {
  let value = 0;
  const fight = new Fight((observed) => ({
    ...observed,
    networks: observed.networks.map((network) => ({
      ...network,
      spec: { ...network.spec, driverOptions: { ...network.spec.driverOptions, mtu: String(++value) } },
    })),
  }), {
    ...files,
    "compose.yaml": `${files["compose.yaml"]}networks: { default: { driver_opts: { mtu: "1400" } } }\n`,
  });
  await fight.passes(8);
  assert.equal(fight.calls("createNetwork") <= 3, true, String(fight.calls("createNetwork")));
  assert.deepEqual([fight.last.outcomes.length, fight.calls("createContainer")], [0, 2]);
});

test("a file that never stays as it was placed is placed twice, and its service is not replaced for ever", async () => {
  const bound = { ...files, "compose.yaml": "services: { web: { image: example/web:1, volumes: [./page:/page] } }\n" };
  const fight = new Fight((observed) => observed, { ...bound, page: "words" });
  const { hostFiles } = fight.world.deployment.ports;
  const deployment = {
    ...fight.deployment,
    ports: {
      ...fight.deployment.ports,
      hostFiles: {
        ...hostFiles,
        observe: async (...args: Parameters<typeof hostFiles.observe>) => [
          ...(await hostFiles.observe(...args)).filter(({ path }) => path !== "page"),
          { path: "page", found: "mode" as const },
        ],
      },
    },
  };
  Object.assign(fight, { deployment });
  const made = await fight.passes(8);
  assert.equal(made.slice(1).reduce((sum, count) => sum + count) <= 2, true, made.join());
  assert.deepEqual([fight.told(words), fight.last.outcomes.length], [1, 0]);
});

const people: readonly (readonly [what: string, act: (fight: Fight) => void])[] = [
  ["stops it", ({ world }) => world.engine.host.exit("demo-web-1")],
  ["removes it", ({ world }) => world.engine.host.remove("demo-web-1")],
  ["pauses it", ({ world }) => world.engine.host.pause("demo-web-1")],
  ["renames it", ({ world }) => world.engine.host.rename("demo-web-1", "other")],
  [
    "gives it another limit",
    ({ world }) => world.engine.host.update("demo-web-1", { resources: { memoryBytes: 7e7 } }),
  ],
  [
    "gives it a limit that git does not have",
    ({ world }) => world.engine.host.update("demo-web-1", { resources: { memoryBytes: 268435456, pidsLimit: 17 } }),
  ],
  ["takes it off its network", ({ world }) => world.engine.host.disconnect("demo-web-1", "demo_default")],
  ["moves the tag of its image", ({ world }) => void world.engine.host.addImage("example/web:1")],
];
for (const [what, act] of people) {
  test(`a person who ${what} again and again is always corrected`, async () => {
    const fight = new Fight((observed) => observed);
    await fight.passes(1);
    for (let times = 0; times < 6; times++) {
      act(fight);
      await fight.passes(1);
      assert.deepEqual([fight.last.outcomes.length > 0, fight.last.converged, fight.last.left], [true, true, []]);
    }
    assert.equal(fight.told(words), 0);
  });
}
