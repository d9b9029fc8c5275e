import assert from "node:assert/strict";
import { after, test } from "node:test";
import { failure, readAll } from "./fixture.ts";
import { parseTree } from "../../../src/adapters/git/tree.ts";
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

test("a tree of many entries, and one of long names, are refused before their entries are made", () => {
  const oid = Buffer.alloc(20, 1);
  const many = Buffer.concat(
    Array.from(
      { length: 300_000 },
      (_, i) => Buffer.concat([Buffer.from(`100644 f${String(i).padStart(7, "0")}\0`), oid]),
    ),
  );
  const refusal = { code: "SOURCE_LIMIT" };
  assert.throws(() => parseTree(many, { folder: "", maxEntries: 100_000 }), {
    ...refusal,
    message: /too many files and/,
  });
  const long = Buffer.concat([Buffer.from(`100644 ${"x".repeat(10_000_000)}\0`), oid]);
  assert.throws(() => parseTree(long, { folder: "", maxEntries: 10 }), {
    ...refusal,
    message: /a name .* is too long/,
  });
});

test("paths that are too long together are refused", async () => {
  const leaf = await tree(...Array.from({ length: 20 }, (_, i) => file(`${"n".repeat(200)}${i + 10}`)));
  for (const { source } of sources(await branch(await commit(leaf)), { limits: { maxPathBytes: 3000 } })) {
    await using long = source;
    const { code, message } = await failure(readAll(long));
    assert.equal(code, "SOURCE_LIMIT");
    assert.match(message, /paths are too long together/);
  }
});

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
