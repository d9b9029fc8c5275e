import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../support/command.ts";
import { memoryFolder, tempFolder } from "../../support/temp.ts";
import { after, before, type Folders, into, open, place, type Placed, third } from "./_placements.ts";
import { never } from "./_files.ts";
import { tree } from "./_tree.ts";

test("a placement that is killed at any change of the file system leaves no half file, and the next one completes it", async () => {
  const kills = await killEverywhere(
    "everything",
    (folders) => place(folders, before, undefined),
    async (folders, at) => {
      assertNothingHalf(folders);
      const next = at % 2 === 0 ? after : third; // git may have moved on meanwhile
      await place(folders, next, new Map([...before.files, ...after.files]));
      await assertPlaced(folders, next);
    },
  );
  assert.ok(kills > 30, `only ${kills} changes were seen`);
});

test("a placement that is killed while it replaces an adopted clone's keys loses none", async () => {
  const kills = await killEverywhere(
    "keys",
    async (folders) => {
      await open(folders).placeCheckout(before.files, undefined, never);
      for (const { path, bytes } of after.keys) {
        mkdirSync(dirname(join(folders.checkout, into, path)), { recursive: true });
        writeFileSync(join(folders.checkout, into, path), bytes);
      }
    },
    async (folders) => {
      await open(folders).placeKeys(after.keys, into, never);
      assert.deepEqual(tree(join(folders.checkout, into, ".")), textsOf(after.keys));
      const expected = [...before.files.keys(), into].sort();
      assert.deepEqual(Object.keys(tree(folders.checkout)).sort(), expected);
    },
  );
  assert.ok(kills > 10, `only ${kills} changes were seen`);
});

/** Kills a placement of `after` at its first change, its second, and so on until it comes to its end. */
async function killEverywhere(
  what: "everything" | "keys",
  setUp: (folders: Folders) => Promise<void>,
  judge: (folders: Folders, at: number) => Promise<void>,
): Promise<number> {
  for (let at = 1;; at++) {
    await using disk = tempFolder("killed");
    await using memory = memoryFolder("killed");
    const folders = { checkout: join(disk.path, "checkout"), runtime: join(memory.path, "runtime") };
    await setUp(folders);
    if (!await killedAt(at, what, folders)) return at - 1;
    await judge(folders, at);
  }
}

/** @returns false when the placement came to its end before that */
async function killedAt(at: number, what: string, { checkout, runtime }: Folders): Promise<boolean> {
  const script = fileURLToPath(new URL("_killed-placement.ts", import.meta.url));
  const { signal, stdout, stderr } = await runCommand(nodeBinary(), [script, checkout, runtime, what, String(at)]);
  if (signal === "SIGKILL") return true;
  assert.equal(stdout.toString(), "done\n", stderr);
  return false;
}

/** The calls are counted by putting others in their place, which only Node lets one do. */
function nodeBinary(): string {
  const pinned = new URL(`../../../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url);
  return process.versions.deno && existsSync(pinned) ? fileURLToPath(pinned) : process.execPath;
}

/** Of each tracked file one revision's content or the other's, of the keys one whole set or the other. */
function assertNothingHalf({ checkout, runtime }: Folders): void {
  const there = tree(checkout);
  for (const [path, text] of Object.entries(there)) {
    if (path === into || path.endsWith(".tmp") || text === "/") continue;
    const possible = [before, after].map(({ files }) => textOf(files.get(path)));
    assert.ok(possible.includes(text), `${path}: ${text}`);
  }
  const keys = tree(join(runtime, "keys", "."));
  const sets = [before, after].map((placed) => textsOf(placed.keys));
  assert.ok(sets.some((set) => JSON.stringify(set) === JSON.stringify(keys)), JSON.stringify(keys));
}

async function assertPlaced(folders: Folders, placed: Placed): Promise<void> {
  const { checkout, runtime } = folders;
  const expected = [...placed.files].map(([path, file]): [string, string] => [path, textOf(file)!]);
  assert.deepEqual(tree(checkout), Object.fromEntries([...expected, [into, `-> ${runtime}/keys`]].sort()));
  assert.deepEqual(await open(folders).observe(placed.files, never), []);
  assert.deepEqual(tree(join(runtime, "keys", ".")), textsOf(placed.keys));
  assert.deepEqual(tree(join(runtime, "secrets")), textsOf(placed.secrets));
  const texts = Object.entries(tree(runtime)).flatMap(([path, text]) => path === "secrets" ? [] : [text]); // when empty
  const wanted = [...placed.keys, ...placed.secrets].map(({ bytes }) => Buffer.from(bytes).toString());
  for (const text of texts) assert.ok(text.startsWith("-> keys.") || wanted.includes(text), `"${text}" is left over`);
}

function textOf(file: { readonly mode: string; readonly bytes: Uint8Array } | undefined): string | undefined {
  return file && `${file.mode === "link" ? "-> " : ""}${Buffer.from(file.bytes)}`;
}

function textsOf(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]));
}
