import assert from "node:assert/strict";
import { after, test } from "node:test";
import { failure, readAll } from "./fixture.ts";
import { type Entry, rawRepository, treeBytes } from "./raw-repository.ts";

const raw = await rawRepository();
after(() => raw.dispose());
const { branch, commit, file, folder, link, object, sources, tree } = raw;

const dup: Entry[] = [file("twice"), file("twice")];
const names = [
  "..",
  ".",
  ".git",
  ".GIT",
  ".Git",
  "git~1",
  "GIT~12",
  "gi7eba~1",
  ".git ",
  ".git.",
  ".git. .",
  ".git::$INDEX_ALLOCATION",
  ".g\u200cit",
  ".git\ufeff",
  "a/b",
  "a\\b",
  "C:x",
  "line\nfeed",
  "esc\u001b[2J",
  "del\u007f",
  "c1\u009b",
  "x".repeat(256),
];

/** `server`: git's own server refuses to pack such a tree. */
const cases: readonly { name: string; root: () => Promise<string>; says: RegExp; server?: "refuses" }[] = [
  ...names.map((name) => ({
    name: `the name ${JSON.stringify(name.slice(0, 30))}`,
    root: () => tree(file(name)),
    says: /its name/,
  })),
  { name: "an empty name", root: () => tree(file("")), says: /its name is empty/, server: "refuses" },
  {
    name: "a folder named .git",
    root: async () => tree(await folder(".git", file("config"))),
    says: /Cannot use ".git": its name/,
  },
  {
    name: "a name that is not UTF-8",
    root: () => tree(file(Uint8Array.from([0x61, 0xff, 0xfe]))),
    says: /"a\\xff\\xfe": its name is not UTF-8/,
  },
  { name: "a name twice", root: () => tree(...dup), says: /"twice": its name stands twice/ },
  {
    name: "a file and a folder of one name",
    root: async () => tree(file("x"), await folder("x", file("y"))),
    says: /"x": its name stands twice/,
  },
  {
    name: "a link and a folder of one name",
    root: async () => tree(await link("x", "y"), await folder("x", file("y"))),
    says: /"x": its name stands twice/,
  },
  {
    name: "names that differ by case",
    root: () => tree(file("README"), file("ReadMe")),
    says: /"ReadMe": its name differs from "README"/,
  },
  {
    name: "names that differ by how an accent is written",
    root: () => tree(file("e\u0301"), file("\u00e9")),
    says: /differs from/,
  },
  { name: "unsorted names", root: () => tree(file("b"), file("a")), says: /"a": its tree is not sorted/ },
  {
    name: "a folder sorted as a file",
    root: async () => tree(await folder("a", file("x")), file("a.b")),
    says: /"a\.b": its tree is not sorted/,
  },
  { name: "a zero-padded mode", root: () => tree(file("a", "0100644")), says: /"a": its mode is "0100644"/ },
  { name: "an old group-writable mode", root: () => tree(file("a", "100664")), says: /its mode is "100664"/ },
  { name: "a mode of a device", root: () => tree(file("a", "60000")), says: /its mode is "60000"/, server: "refuses" },
  { name: "a submodule", root: () => tree(file("vendored", "160000")), says: /"vendored": it is a submodule/ },
  {
    name: "the null object",
    root: () => tree(["100644", "a", "0".repeat(40)]),
    says: /"a": it points to the null object/,
    server: "refuses",
  },
  {
    name: "a cut object id",
    root: () => object("tree", treeBytes([file("a")]).subarray(0, -5)),
    says: /its tree ends inside an entry/,
    server: "refuses",
  },
  {
    name: "a tree where a file should be",
    root: async () => tree(["100644", "a", await tree(file("b"))]),
    says: /"a": its object is a tree, needed a blob/,
    server: "refuses",
  },
  {
    name: "a file where a tree should be",
    root: () => tree(file("a", "40000")),
    says: /"a": its object is a blob, needed a tree/,
    server: "refuses",
  },
  {
    name: "an absolute link",
    root: async () => tree(await link("l", "/etc/shadow")),
    says: /link "l": its target "\/etc\/shadow" is absolute/,
  },
  {
    name: "a link that leaves",
    root: async () => tree(await link("l", "../x")),
    says: /"l": its target "..\/x" lies outside/,
  },
  {
    name: "a deep link that leaves",
    root: async () => tree(await folder("a", await link("l", "../../x"))),
    says: /"a\/l": .* lies outside/,
  },
  {
    name: "a link that climbs through another link",
    root: async () => tree(await link("l", "a/b/../../.."), await folder("m", file("x"))),
    says: /climbs after it has descended/,
  },
  {
    name: "a link into .git",
    root: async () => tree(await link("l", "./.GIT/config")),
    says: /lies in git's own folder/,
  },
  { name: "an empty link", root: async () => tree(await link("l", "")), says: /its target is empty/ },
  {
    name: "a link with a line feed",
    root: async () => tree(await link("l", "a\nb")),
    says: /holds a control character/,
  },
  {
    name: "a .gitmodules link",
    root: async () => tree(await link(".gitmodules", "x")),
    says: /".gitmodules": git takes instructions/,
  },
];

for (const { name, root, says, server: refuses } of cases) {
  test(`a tree with ${name} is refused, naming the path`, async () => {
    for (const { by, source } of sources(await branch(await commit(await root())))) {
      await using disposable = source;
      const { code, retry, message } = await failure(readAll(disposable));
      if (by === "http" && refuses) {
        assert.match(code, /^SOURCE_(UNSAFE|PROTOCOL|UNREACHABLE)$/, message);
        continue;
      }
      assert.deepEqual([code, retry], ["SOURCE_UNSAFE", "next-revision"], `${by}: ${message}`);
      assert.match(message, says);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(message, /[\u0000-\u001f\u007f-\u009f]/);
    }
  });
}

test("links that stay inside are read, whatever they point to", async () => {
  const root = await tree(
    await link("dangling", "keys-generated/tls.crt"),
    await folder("deep", await link("root", ".."), await link("up", "../dangling")),
    await link("self", "."),
  );
  for (const { source } of sources(await branch(await commit(root)))) {
    await using fine = source;
    assert.deepEqual([...(await readAll(fine)).files.values()].map(({ mode }) => mode), [
      "link",
      "link",
      "link",
      "link",
    ]);
  }
});

test("names that only look suspicious are read", async () => {
  const fine = [".gitignore", ".gitea", "a b", "git", "naïve-ö", "x~1", "👩‍💻", "…", "~", "#"];
  const sorted = [...fine].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (
    const { source } of sources(await branch(await commit(await tree(...sorted.map((name): Entry => file(name))))))
  ) {
    await using read = source;
    assert.deepEqual([...(await readAll(read)).files.keys()], [...fine].sort());
  }
});
