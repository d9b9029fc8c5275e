import assert from "node:assert/strict";
import { after, test } from "node:test";
import { testEngine } from "../../support/engine.ts";
import { until } from "../../support/until.ts";
import { bench, never, startWatch } from "./_bench.ts";

const engine = await testEngine();
after(() => engine.dispose());

const lists = ["GET /containers/json", "GET /images/json", "GET /networks", "GET /volumes"];

test("observe() asks a quiet host four lists, and inspects a container again only when something names it", async () => {
  await using at = await bench(engine);
  const watched = await at.run("watched");
  const other = await at.run("other");
  const paths = () => at.proxy.calls.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`).sort();
  const observe = async (full = false) => {
    at.proxy.calls.length = 0;
    const state = await at.engine.observe({ ...at.scope, full }, never);
    assert.deepEqual(state.containers.map(({ id }) => id).sort(), [watched, other].sort());
    return paths().filter((path) => path !== "GET /events");
  };
  const inspections = [watched, other].sort().map((id) => `GET /containers/${id}/json`);

  await observe();
  assert.deepEqual(await observe(), [...lists, ...inspections].sort(), "nothing is kept while no events are read");

  const watch = await startWatch(at);
  try {
    await observe();
    assert.deepEqual(await observe(), lists, "a quiet pass");
    assert.deepEqual(await observe(true), [...lists, ...inspections].sort(), "a full pass");

    const before = watch.told.length;
    await engine.docker.getContainer(watched).update({ Memory: 48 << 20, MemorySwap: 48 << 20 });
    await until("the update to be told", () => watch.told.length > before);
    assert.deepEqual(await observe(), [...lists, `GET /containers/${watched}/json`].sort(), "what an event named");
    assert.deepEqual(await observe(), lists);
  } finally {
    await watch[Symbol.asyncDispose]();
  }
  assert.deepEqual(await observe(), [...lists, ...inspections].sort(), "the stream ended");
});

test("observe() leaves out a container that is gone between its list and its inspection", async () => {
  await using at = await bench(engine);
  const gone = await at.run("gone");
  at.proxy.intercept(({ path }) =>
    path.startsWith(`/containers/${gone}/json`) ? { status: 404, body: '{"message":"No such container"}' } : undefined
  );
  assert.deepEqual((await at.engine.observe(at.scope, never)).containers, []);
});

test("observe() finds an image under every way to write its reference", async () => {
  await using at = await bench(engine);
  const { Id } = await engine.docker.getImage(at.image).inspect();
  const images = [at.image, `docker.io/library/${at.image}`, Id, "no-such-image:1"];
  const observed = await at.engine.observe({ ...at.scope, images }, never);
  assert.deepEqual(
    [...observed.images].map(([reference, { id }]) => [reference, id]).sort(),
    images.slice(0, 3).map((name) => [name, Id]).sort(),
  );
  assert.deepEqual(observed.images.get(Id)!.references, [at.image]);
});
