import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { output } from "../../support/command.ts";
import { gitServer } from "../../support/git-server.ts";
import { createRepository, gitEnvironment } from "../../support/repository.ts";
import { readAll, sourceOf } from "./fixture.ts";

test("a thousand files are read as git itself lists them", async () => {
  await using many = await createRepository();
  await using manyServer = await gitServer({ root: many.root });
  const content = (i: number) => i % 7 === 0 ? Uint8Array.from(randomBytes(i * 3)) : `line ${i % 50}\n`.repeat(i % 90);
  const change = (i: number) =>
    i % 31 === 0 ? { link: `f${i % 10}` } : i % 11 === 0 ? { text: `#!${i}`, mode: 0o755 } : content(i);
  await many.commit(
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`d${i % 13}/e${i % 5}/f${i}-ö.txt`, change(i)])),
  );
  await many.commit({ "d0/e0/changed": "second" });
  await many.gitBare("repack", "-adfq", "--depth=50");
  const listed = await many.gitBare("ls-tree", "-r", "-z", "main");
  const modes: Record<string, string> = { "100644": "file", "100755": "executable", "120000": "link" };
  const expected = listed.split("\0").filter(Boolean).map((line) => {
    const [, mode, oid, path] = /^(\d+) blob (\w+)\t(.*)$/s.exec(line)!;
    return [path!, { mode: modes[mode!]!, oid: oid! }] as const;
  }).sort(([a], [b]) => a < b ? -1 : 1);
  const batch = await output("git", ["--git-dir", many.bare, "cat-file", "--batch=%(objectsize)"], {
    env: gitEnvironment(many.root),
    input: expected.map(([, { oid }]) => `${oid}\n`).join(""),
  });
  for (const url of [`${manyServer.url}/deployment.git`, many.bare]) {
    await using source = sourceOf(url);
    const { files } = await readAll(source);
    assert.deepEqual([...files].map(([path, { mode, oid }]) => [path, { mode, oid }]), expected);
    const bytes = [...files.values()].map((file) =>
      Buffer.from(`${file.bytes.length}\n${Buffer.from(file.bytes).toString("latin1")}\n`, "latin1")
    );
    assert(Buffer.concat(bytes).equals(batch));
  }
});
