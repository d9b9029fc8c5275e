import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEdges, describeStep } from "../../src/plan/describe.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { assertGolden } from "../support/golden.ts";
import { desiredWorld, TestHost, type Wishes } from "../support/world.ts";

const data = { type: "volume", source: "demo_data", target: "/data", readOnly: false } as const;
const [onDefault] = desiredWorld({ services: { web: {} } }).services.get("web")!.spec.networks;
const attachment = (key: string) => ({ ...onDefault!, key, name: `demo_${key}` });

const healthcheck = { test: ["CMD", "true"] };
const shop: Wishes = {
  services: {
    db: { mounts: [data], healthcheck },
    web: {
      dependsOn: [{ service: "db", condition: "service_healthy" }],
      networks: [onDefault!, attachment("front")],
      boundFiles: [{ target: "/etc/a.conf", origin: "checkout", path: "a.conf", digest: "x" }],
    },
  },
  networks: { front: {} },
  volumes: { data: {} },
};
const files = { edited: [{ path: "compose.yaml", found: "missing" as const }], keys: [], secrets: [] };
const next = { commit: "c".repeat(40), files };

async function convergedHost(wishes: Wishes): Promise<TestHost> {
  const host = new TestHost();
  await host.converge(desiredWorld(wishes));
  return host;
}

function withoutIds(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{12}(?![0-9a-f])/g, "ID");
}

/** What a step waits for directly, in words: `~ stop service/web ID` → the steps before it. */
function edges(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const words = (step: Plan["steps"][number]) => withoutIds(describeStep(step)).replace(/ \(\w+\)$/, "");
  const all = [...plan.steps, ...plan.settle];
  return new Map(
    all.map((step) => [words(step), all.filter(({ id }) => step.needs.includes(id)).map(words)]),
  );
}

const golden: { name: string; before?: Wishes; act?: (host: TestHost) => void; after: Wishes }[] = [
  { name: "first", after: shop },
  {
    name: "changed",
    before: shop,
    after: { ...shop, services: { ...shop.services, db: { mounts: [data], healthcheck, environment: { A: "1" } } } },
  },
  {
    name: "orphans",
    before: shop,
    after: { services: { db: { mounts: [data], healthcheck }, www: {} }, volumes: shop.volumes ?? {} },
  },
  {
    name: "network-replaced",
    before: shop,
    after: { ...shop, networks: { front: { internal: true } } },
  },
  {
    name: "mended",
    before: shop,
    act: ({ engine: { host } }) => {
      host.update("demo-web-1", { restart: { name: "always" } });
      host.disconnect("demo-web-1", "demo_front");
      host.rename("demo-web-1", "elsewhere");
      host.pause("elsewhere");
      host.exit("demo-db-1");
    },
    after: shop,
  },
];
for (const { name, before, act, after } of golden) {
  test(`planDeployment() makes the plan "${name}" with these edges`, async () => {
    const host = before ? await convergedHost(before) : new TestHost();
    act?.(host);
    const plan = await host.plan(desiredWorld(after), act ? {} : next);
    assertGolden(`plan/edges-${name}.txt`, `${withoutIds(describeEdges(plan).join("\n"))}\n`);
  });
}

const promises: {
  name: string;
  before?: Wishes;
  after: Wishes;
  step: string;
  needs: readonly string[];
}[] = [
  {
    name: "a creation waits for its networks",
    after: shop,
    step: "+ create demo-web-1",
    needs: ["+ network demo_default", "+ network demo_front"],
  },
  { name: "a creation waits for its volumes", after: shop, step: "+ create demo-db-1", needs: ["+ volume demo_data"] },
  { name: "a creation waits for its image", after: shop, step: "+ create demo-db-1", needs: ["+ pull db:1"] },
  { name: "a creation waits for its files", after: shop, step: "+ create demo-web-1", needs: ["~ switch files"] },
  {
    name: "the files wait for the images of the revision",
    after: shop,
    step: "~ switch files",
    needs: ["+ pull db:1", "+ pull web:1"],
  },
  {
    name: "a creation waits for that of the container whose network it shares",
    after: { services: { web: {}, probe: { networkMode: "service:web", networks: [] } } },
    step: "+ create demo-probe-1",
    needs: ["+ create demo-web-1"],
  },
  { name: "a start waits for its creation", after: shop, step: "~ start service/db", needs: ["+ create demo-db-1"] },
  {
    name: "a start waits for the health of what it depends on, which waits for the start of that",
    after: shop,
    step: "~ start service/web",
    needs: ["~ wait until service/db is healthy"],
  },
  {
    name: "a wait waits for the start",
    after: shop,
    step: "~ wait until service/db is healthy",
    needs: ["~ start service/db"],
  },
  {
    name: "a start waits for the start of what it depends on",
    after: { services: { db: {}, web: { dependsOn: ["db"] } } },
    step: "~ start service/web",
    needs: ["~ start service/db"],
  },
  {
    name: "a start waits for the start of what it depends on and what is called later in the alphabet",
    after: { services: { api: { dependsOn: ["db"] }, db: {} } },
    step: "~ start service/api",
    needs: ["~ start service/db"],
  },
  {
    name: "a stop waits for the creation of the successor",
    before: { services: { web: {} } },
    after: { services: { web: { environment: { A: "1" } } } },
    step: "~ stop service/web ID",
    needs: ["+ create demo-web-1-next"],
  },
  {
    name: "a predecessor gives up its name after it stopped",
    before: { services: { web: {} } },
    after: { services: { web: { environment: { A: "1" } } } },
    step: "~ rename service/web ID to ID_demo-web-1",
    needs: ["~ stop service/web ID"],
  },
  {
    name: "a successor takes the name after its creation, when it was given up",
    before: { services: { web: {} } },
    after: { services: { web: { environment: { A: "1" } } } },
    step: "~ rename service/web to demo-web-1",
    needs: ["+ create demo-web-1-next", "~ rename service/web ID to ID_demo-web-1"],
  },
  {
    name: "a successor starts when the predecessor has stopped and the name is its own",
    before: { services: { web: {} } },
    after: { services: { web: { environment: { A: "1" } } } },
    step: "~ start service/web",
    needs: ["~ rename service/web to demo-web-1"],
  },
  {
    name: "what starts waits for the orphans' stop",
    before: { services: { old: {} } },
    after: { services: { web: {} } },
    step: "~ start service/web",
    needs: ["~ stop container/demo-old-1 ID"],
  },
  {
    name: "an orphan is stopped when everything new is there",
    before: { services: { old: {} } },
    after: { services: { web: {} } },
    step: "~ stop container/demo-old-1 ID",
    needs: ["+ create demo-web-1"],
  },
  {
    name: "a network goes after the orphans that are on it",
    before: { services: { db: {}, old: { networks: [attachment("front")] } }, networks: { front: {} } },
    after: { services: { db: {} } },
    step: "- network/front",
    needs: ["- remove container/demo-old-1 ID"],
  },
  {
    name: "a network is removed when its members are off",
    before: shop,
    after: { ...shop, networks: { front: { internal: true } } },
    step: "- network/front",
    needs: ["~ disconnect network/front ID from demo_front"],
  },
  {
    name: "a network is made again when it was removed",
    before: shop,
    after: { ...shop, networks: { front: { internal: true } } },
    step: "+ network demo_front",
    needs: ["- network/front"],
  },
  {
    name: "members are connected to the network that was made again",
    before: shop,
    after: { ...shop, networks: { front: { internal: true } } },
    step: "~ connect service/web ID to demo_front",
    needs: ["+ network demo_front"],
  },
];
for (const { name, before, after, step, needs } of promises) {
  test(`planDeployment(): ${name}`, async () => {
    const host = before ? await convergedHost(before) : new TestHost();
    const found = edges(await host.plan(desiredWorld(after), next));
    const waitsFor = found.get(step);
    assert.ok(waitsFor, `no step "${step}" among ${[...found.keys()].join("; ")}`);
    assert.deepEqual(
      needs.filter((needed) => !waitsFor.includes(needed)),
      [],
      `"${step}" waits for ${waitsFor.join("; ")}`,
    );
  });
}

test("planDeployment(): a stop waits for the creation of the successor where only the host moved", async () => {
  const limited: Wishes = { services: { web: {} } };
  const host = await convergedHost(limited);
  host.engine.host.update("demo-web-1", { resources: { memoryBytes: 1 << 26 } });
  const found = edges(await host.plan(desiredWorld(limited)));
  assert.deepEqual(found.get("~ stop service/web ID"), ["+ create demo-web-1-next"]);
});

test("planDeployment(): every stop of a revision waits for every creation of it", async () => {
  const host = await convergedHost({ services: { db: {}, web: {} } });
  const changed = { environment: { A: "1" } };
  const found = edges(await host.plan(desiredWorld({ services: { db: changed, web: changed } }), next));
  for (const stop of ["~ stop service/db ID", "~ stop service/web ID"]) {
    assert.deepEqual(found.get(stop)!.toSorted(), ["+ create demo-db-1-next", "+ create demo-web-1-next"]);
  }
});
