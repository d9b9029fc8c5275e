import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns } from "../../../src/adapters/docker/watch.ts";
import { composeLabel } from "../../../src/model/labels.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import { privateEngine } from "../../support/private-engine.ts";
import { until } from "../../support/until.ts";
import { bench, never, startWatch } from "./_bench.ts";

const watched = {
  containers: new Set(["c1"]),
  networks: new Set(["n1", "p_default"]),
  volumes: new Set(["p_data"]),
  images: new Set(["nginx:1"]),
};
const ours = { [composeLabel.project]: "p" };

const cases = [
  { says: "a container of the project", event: ["container", "die", "c9", ours], tells: true },
  {
    says: "a container of another project",
    event: ["container", "die", "c9", { [composeLabel.project]: "q" }],
    tells: false,
  },
  { says: "a container outside that holds a wanted name", event: ["container", "rename", "c1", {}], tells: true },
  { says: "a network of the project", event: ["network", "destroy", "n1", {}], tells: true },
  {
    says: "a wanted network that is made anew",
    event: ["network", "create", "n9", { name: "p_default" }],
    tells: true,
  },
  {
    says: "a container of ours that leaves a foreign network",
    event: ["network", "disconnect", "n9", { container: "c1" }],
    tells: true,
  },
  { says: "a foreign network", event: ["network", "create", "n9", { name: "q_default" }], tells: false },
  { says: "a wanted volume", event: ["volume", "destroy", "p_data", {}], tells: true },
  { says: "a foreign volume", event: ["volume", "create", "q_data", {}], tells: false },
  {
    says: "a wanted tag that moved",
    event: ["image", "tag", "sha256:1", { name: "docker.io/library/nginx:1" }],
    tells: true,
  },
  { says: "a pull of a wanted image", event: ["image", "pull", "nginx:1", { name: "nginx" }], tells: true },
  { says: "a foreign tag", event: ["image", "tag", "sha256:1", { name: "other:1" }], tells: false },
  {
    says: "a tag that was taken off something",
    event: ["image", "untag", "sha256:1", { name: "sha256:1" }],
    tells: true,
  },
] as const;

for (const { says, event: [Type, Action, ID, Attributes], tells } of cases) {
  test(`an event of ${says} is ${tells ? "told" : "left out"}`, () => {
    assert.equal(concerns({ Type, Action, Actor: { ID, Attributes } }, "p", watched), tells);
  });
}

test("a watch outlives a crash of the Engine, tells of the gap, and what happened meanwhile is observed", async () => {
  await using host = await privateEngine("watch");
  await using at = await bench(host);
  const id = await at.run("web");
  await using watch = await startWatch(at);
  const { told } = watch;
  await at.engine.observe(at.scope, never);

  await host.crash();
  await until("the gap to be told", () => told.includes("events: interrupted"));
  await assert.rejects(
    at.engine.observe(at.scope, never),
    (error) => error instanceof HoldfastError && error.code === "ENGINE_UNREACHABLE",
  );

  told.length = 0;
  await host.start();
  await until("the stream to be up again", () => told.includes("events: connected"));
  const [container] = (await at.engine.observe(at.scope, never)).containers;
  assert.deepEqual([container!.id, container!.state.status], [id, "exited"]);
  await at.engine.startContainer(id, never);
  await until("the start to be told", () => told.some((what) => what.startsWith("container start")));
});
