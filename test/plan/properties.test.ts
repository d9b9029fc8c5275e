import fc from "fast-check";
import assert from "node:assert/strict";
import { composeLabel } from "../../src/model/labels.ts";
import { isEmptyPlan } from "../../src/plan/plan.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { testProperty } from "../support/property.ts";
import { converge, inRandomOrder, pass, playWorld, run } from "./_play-world.ts";
import { worlds } from "./_worlds.ts";

/** Worlds: hosts with a history, and a revision (`_worlds.ts`). */
const runs = 2000;

testProperty(
  "planDeployment() makes a plan whose steps the Engine takes in every order that their edges allow, and nothing is left",
  fc.property(worlds, (draw) => {
    const world = playWorld(draw);
    // A pull may move the tag of an image under other services: they follow in the next pass.
    const isPulledAnew = draw.acts.some(({ kind }) => kind === "untag" || kind === "move-tag");
    pass(world);
    if (isPulledAnew || draw.ledgerLost) pass(world); // what is remembered then tells more
    const { steps, settle } = world.plan();
    assert.deepEqual([...steps, ...settle].map(({ id }) => id), []);
  }),
  { runs },
);

testProperty(
  "planDeployment() touches nothing foreign, and removes no volume that has a name",
  fc.property(worlds, (draw) => {
    const world = playWorld(draw);
    const before = foreign(world.host);
    const volumes = namedVolumes(world.host);
    pass(world);
    assert.deepEqual(foreign(world.host), before);
    const left = namedVolumes(world.host);
    assert.deepEqual(volumes.filter((name) => !left.includes(name)), []);
  }),
  { runs: runs / 4 },
);

testProperty(
  "planDeployment() makes the same plan of the same input in any order",
  fc.property(worlds, (draw) => {
    const world = playWorld(draw);
    const shuffle = <T>(items: readonly T[]): T[] =>
      items.map((item) => ({ item, at: world.chance() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
    const shuffleMap = <T>(map: ReadonlyMap<string, T>): Map<string, T> => new Map(shuffle([...map]));
    const plan = world.plan();
    const again = world.plan((input) => ({
      ...input,
      desired: {
        ...input.desired,
        services: shuffleMap(
          new Map([...input.desired.services].map(([key, service]) => [
            key,
            { ...service, dependsOn: shuffle(service.dependsOn) },
          ])),
        ),
        networks: shuffleMap(input.desired.networks),
        volumes: shuffleMap(input.desired.volumes),
      },
      observed: {
        ...input.observed,
        containers: shuffle(input.observed.containers),
        networks: shuffle(input.observed.networks).map((each) => ({ ...each, members: shuffle(each.members) })),
        volumes: shuffle(input.observed.volumes),
        images: shuffleMap(input.observed.images),
        foreignPorts: shuffleMap(input.observed.foreignPorts),
      },
    }));
    assert.deepEqual(again, plan);
  }),
  { runs: runs / 4 },
);

testProperty(
  "planDeployment() converges from wherever a pass is killed",
  fc.property(worlds, (draw) => {
    const world = playWorld(draw);
    const { steps, settle } = world.plan();
    const all = [...inRandomOrder(steps, world.chance), ...inRandomOrder(settle, world.chance)];
    run(world.engine, all.slice(0, Math.floor(world.chance() * all.length)));
    converge(world, 3);
    assert.equal(isEmptyPlan(world.plan()), true);
  }),
  { runs: runs / 2 },
);

/** Everything that holdfast neither made nor adopted. */
function foreign(host: FakeHost): unknown {
  const isForeign = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
    labels[composeLabel.project] !== "demo" || labels[composeLabel.oneoff] === "True" ||
    labels[composeLabel.service] === "other";
  return {
    containers: [...host.containers.values()].filter((each) => isForeign(each) && each.state.status !== "removing").map(
      ({ id, name, state, spec }) => ({
        id,
        name,
        status: state.status,
        networks: state.status === "running" ? spec.networks : [],
      }),
    ),
    networks: [...host.networks.values()].filter((network) => isForeign(network)).map(({ id, spec }) => ({ id, spec })),
  };
}

/** Anonymous ones go with their container, as `docker rm -v` has it. */
function namedVolumes(host: FakeHost): string[] {
  return [...host.volumes.keys()].filter((name) => !/^[0-9a-f]{64}$/.test(name));
}
