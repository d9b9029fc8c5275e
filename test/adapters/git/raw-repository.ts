import { output } from "../../support/command.ts";
import { gitServer } from "../../support/git-server.ts";
import { removable } from "../../support/removable.ts";
import { createRepository, gitEnvironment } from "../../support/repository.ts";
import { sourceOf } from "./fixture.ts";
import type { GitSourceOptions } from "../../../src/adapters/git/git-source.ts";

export type Entry = readonly [mode: string, name: string | Uint8Array, oid: string];

/** A repository made object by object, so that it may hold what git itself would not make, and a server for it. */
export async function rawRepository() {
  const repository = await createRepository();
  const server = await gitServer({ root: repository.root });
  const person = { NAME: "Ops", EMAIL: "ops@example.com" };
  const identity = Object.entries(person).flatMap(([key, value]) =>
    ["AUTHOR", "COMMITTER"].map((role) => [`GIT_${role}_${key}`, value])
  );
  const env = { ...gitEnvironment(repository.root), ...Object.fromEntries(identity) };
  let branches = 0;

  const git = async (args: readonly string[], input: string | Uint8Array = ""): Promise<string> =>
    (await output("git", ["--git-dir", repository.bare, ...args], { env, input })).toString().trim();
  const object = (type: string, bytes: string | Uint8Array) =>
    git(["hash-object", "-w", "--stdin", "--literally", "-t", type], bytes);
  const blob = await object("blob", "text\n");

  const raw = {
    /** Id of a small file. */
    blob,
    bare: repository.bare,
    git,
    object,
    tree: (...entries: Entry[]) => object("tree", treeBytes(entries)),
    file: (name: string | Uint8Array, mode = "100644"): Entry => [mode, name, blob],
    link: async (name: string, target: string): Promise<Entry> => ["120000", name, await object("blob", target)],
    folder: async (name: string, ...entries: Entry[]): Promise<Entry> => ["40000", name, await raw.tree(...entries)],
    commit: (root: string) => git(["commit-tree", "-m", "made by hand", root]),
    /** Makes a branch of a commit. @returns its name */
    async branch(commit: string): Promise<string> {
      const name = `b${++branches}`;
      await git(["update-ref", `refs/heads/${name}`, commit]);
      return name;
    },
    /** The branch as a local path and as a server give it. */
    sources: (ref: string, options: Partial<GitSourceOptions> = {}) => [
      { by: "local path", source: sourceOf(repository.bare, { ref, ...options }) },
      { by: "http", source: sourceOf(`${server.url}/deployment.git`, { ref, ...options }) },
    ],
  };
  return removable(raw, async () => {
    await server.dispose();
    await repository.dispose();
  });
}

/** One tree's bytes, whatever its entries are. */
export function treeBytes(entries: readonly Entry[]): Buffer {
  return Buffer.concat(entries.flatMap(([mode, name, oid]) => [
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from([0]),
    Buffer.from(oid, "hex"),
  ]));
}
