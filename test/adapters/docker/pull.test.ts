import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HoldfastError } from "../../../src/model/error.ts";
import { testEngine } from "../../support/engine.ts";
import { bench, never } from "./_bench.ts";
import { registry } from "./_registry.ts";

const engine = await testEngine();
after(() => engine.dispose());

function pullFailure(message: RegExp, hint: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, "IMAGE_PULL");
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    return true;
  };
}

test("pullImage() brings an image, and its successor once the tag moved", async () => {
  await using images = await registry(engine);
  await using at = await bench(engine);
  const image = `${images.host}/team/web:1`;
  const pulledId = async () => {
    await at.engine.pullImage(image, {}, never);
    return (await at.engine.observe({ ...at.scope, images: [image] }, never)).images.get(image)!.id;
  };
  await images.push("team/web", "1");
  const first = await pulledId();
  assert.equal(await pulledId(), first);
  await images.push("team/web", "1");
  const second = await pulledId();
  assert.notEqual(second, first);
  for (const id of [first, second]) await engine.docker.getImage(id).remove({ force: true });
});

test("pullImage() gives the registry's words and what to do about them", async () => {
  await using images = await registry(engine);
  await using at = await bench(engine);
  const pull = (name: string) => at.engine.pullImage(`${images.host}/${name}`, {}, never);
  await images.push("team/web", "1");
  await assert.rejects(pull("team/web:2"), pullFailure(/team\/web:2.*(manifest unknown|not found)/, /tag in git/));
  images.protect("robot", "hush");
  await assert.rejects(pull("team/web:1"), pullFailure(/auth/, /credentials in agent.yaml/));
});

test("pullImage() shows the registry the credentials that are kept for it, and nobody else", async () => {
  await using images = await registry(engine);
  let asked = 0;
  const login = async () => {
    asked++;
    return { username: "robot", password: "hush" };
  };
  await using at = await bench(engine, { registries: [{ host: images.host, login }] });
  await images.push("team/web", "1");
  images.protect("robot", "hush");
  await at.engine.pullImage(`${images.host}/team/web:1`, {}, never);
  assert.equal(asked, 1);
  assert.ok(!at.proxy.calls.some(({ path }) => path.includes("hush")));
  await assert.rejects(
    at.engine.pullImage("127.0.0.1:1/team/web:1", {}, never),
    pullFailure(/team\/web/, /reaches the registry/),
  );
  assert.equal(asked, 1);
  await engine.docker.getImage(`${images.host}/team/web:1`).remove({ force: true });
});
