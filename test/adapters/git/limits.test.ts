import assert from "node:assert/strict";
import { after, test } from "node:test";
import { failure, readAll } from "./fixture.ts";
import { type Entry, rawRepository } from "./raw-repository.ts";

const raw = await rawRepository();
after(() => raw.dispose());
const { branch, commit, file, object, sources, tree } = raw;

const nested = async (depth: number): Promise<string> => {
  let inner = await tree(file("f"));
  for (let i = 0; i < depth; i++) inner = await tree(["40000", "d", inner]);
  return inner;
};

test("64 folders inside each other are read, 65 are too deep", async () => {
  for (const { source } of sources(await branch(await commit(await nested(64))))) {
    await using fine = source;
    assert.deepEqual([...(await readAll(fine)).files.keys()], [`${"d/".repeat(64)}f`]);
  }
  for (const { source } of sources(await branch(await commit(await nested(65))))) {
    await using deep = source;
    const { code, message } = await failure(readAll(deep));
    assert.equal(code, "SOURCE_LIMIT");
    assert.match(message, /too deep/);
  }
});

for (
  const { name, leaf } of [
    { name: "files", leaf: Array.from({ length: 10 }, (_, i): Entry => file(`f${i}`)) },
    { name: "folders", leaf: [] },
  ]
) {
  test(`a few objects that stand for a million ${name} are refused`, async () => {
    let inner = await tree(...leaf);
    for (let level = 0; level < 6; level++) {
      inner = await tree(...Array.from({ length: 10 }, (_, i): Entry => ["40000", `d${i}`, inner]));
    }
    for (const { source } of sources(await branch(await commit(inner)), { limits: { maxFiles: 1000 } })) {
      await using bomb = source;
      const { code, message } = await failure(readAll(bomb));
      assert.equal(code, "SOURCE_LIMIT");
      assert.match(message, new RegExp(`too many ${name}`));
    }
  });
}

const large = await object("blob", Buffer.alloc(2_000_000));
for (
  const { name, limits, root, says } of [
    {
      name: "a file that inflates to more than a file may have",
      limits: { maxFileBytes: 1_000_000 },
      root: () => tree(["100644", "zeros", large]),
      says: /2000000 bytes/,
    },
    {
      name: "files that are too large together",
      limits: { maxTotalBytes: 5_000_000 },
      root: () => tree(["100644", "a", large], ["100644", "b", large], ["100644", "c", large]),
      says: /too many bytes|more bytes than fit/,
    },
    {
      name: "too many files",
      limits: { maxFiles: 3 },
      root: () => tree(...["a", "b", "c", "d"].map((n): Entry => file(n))),
      says: /too many files/,
    },
  ]
) {
  test(`${name}: refused`, async () => {
    for (const { source } of sources(await branch(await commit(await root())), { limits })) {
      await using limited = source;
      const { code, retry, message } = await failure(readAll(limited));
      assert.deepEqual([code, retry], ["SOURCE_LIMIT", "next-revision"]);
      assert.match(message, says);
    }
  });
}
