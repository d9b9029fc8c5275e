import * as fs from "node:fs";
import { listRefs, readObject, resolveRef } from "isomorphic-git";
import { missingCommit, overLimit, throwIfCancelled } from "./errors.ts";
import type { GitLimits } from "./limits.ts";
import { isMissing, localError, openLocalRepository } from "./local-repository.ts";
import { type GitObject, hashObject, type ObjectType } from "./objects.ts";
import { writePack } from "./pack-writer.ts";
import type { GitRemote, RemoteRef } from "./remote.ts";
import { parseTree } from "./tree.ts";

export interface LocalRemoteOptions {
  readonly path: string;
  readonly shown: string;
  readonly limits: GitLimits;
}

/** A repository in a folder of this host, bare or with a `.git`. Nothing of it is trusted: each object is hashed again. */
export function localRemote(options: LocalRemoteOptions): GitRemote {
  const { path, shown, limits } = options;
  return {
    shown,

    async listRefs(prefixes, signal) {
      const repository = { fs, gitdir: await openLocalRepository(path, shown), cache: {} };
      // isomorphic-git also lists what packed-refs notes of tags, which a loose tag may have overtaken.
      const below = (await listRefs({ ...repository, filepath: "refs" })).filter((name) => !name.endsWith("^{}"));
      const names = ["HEAD", ...below.map((name) => `refs/${name}`)];
      const refs: RemoteRef[] = [];
      for (const name of names) {
        throwIfCancelled(signal);
        if (prefixes.length > 0 && !prefixes.some((prefix) => name.startsWith(prefix))) continue;
        const ref = await readRef(repository, name, shown);
        if (ref) refs.push(ref);
      }
      return refs;
    },

    async *fetchPack(commit, signal) {
      const repository = { fs, gitdir: await openLocalRepository(path, shown), cache: {} };
      const read = async (oid: string): Promise<GitObject> => {
        throwIfCancelled(signal);
        return await readChecked(repository, oid, shown);
      };
      if (!await hasObject(repository, commit, shown)) throw missingCommit(commit, shown);
      const oids = await idsOf(commit, { read, limits });
      async function* objects(): AsyncGenerator<GitObject> {
        for (const oid of oids) yield await read(oid);
      }
      yield* writePack(oids.length, objects());
    },
  };
}

interface Repository {
  readonly fs: typeof fs;
  readonly gitdir: string;
  /** isomorphic-git keeps packs and their indexes in it: one for each operation. */
  readonly cache: object;
}

async function readRef(repository: Repository, name: string, shown: string): Promise<RemoteRef | undefined> {
  try {
    const oid = await resolveRef({ ...repository, ref: name });
    const target = name === "HEAD" ? await resolveRef({ ...repository, ref: name, depth: 2 }) : undefined;
    // Only tags are peeled: reading one object of a pack costs reading the pack.
    const peeled = name.startsWith("refs/tags/") ? await peel(repository, oid, shown) : oid;
    return { name, oid, peeled: peeled === oid ? undefined : peeled, target: target === oid ? undefined : target };
  } catch (error) {
    // A HEAD whose branch has no commit yet, or a ref that has gone since it was listed.
    if (isMissing(error)) return undefined;
    throw localError(error, shown);
  }
}

async function hasObject(repository: Repository, oid: string, shown: string): Promise<boolean> {
  try {
    await readObject({ ...repository, oid, format: "content" });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw localError(error, shown, oid);
  }
}

/** Follows annotated tags to what they are of. */
async function peel(repository: Repository, oid: string, shown: string): Promise<string> {
  for (let hop = 0; hop < 10; hop++) {
    const object = await readChecked(repository, oid, shown);
    const tagged = object.type === "tag"
      ? /^object ([0-9a-f]{40})\n/.exec(Buffer.from(object.bytes).toString("latin1"))
      : undefined;
    if (!tagged) return oid;
    oid = tagged[1]!;
  }
  return oid;
}

/** The commit, its folders and its files, each id once, in the order in which they are met. */
async function idsOf(
  commit: string,
  { read, limits }: { read: (oid: string) => Promise<GitObject>; limits: GitLimits },
): Promise<string[]> {
  const found = new Set([commit]);
  const object = await read(commit);
  const root = object.type === "commit"
    ? /^tree ([0-9a-f]{40})\n/.exec(Buffer.from(object.bytes).toString("latin1"))?.[1]
    : undefined;
  const trees = root ? [{ oid: root, path: "" }] : [];
  if (root) found.add(root);
  for (let tree = trees.pop(); tree; tree = trees.pop()) {
    const { type, bytes } = await read(tree.oid);
    if (type !== "tree") continue;
    for (const entry of parseTree(bytes, { folder: tree.path, maxEntries: 2 * limits.maxFiles })) {
      if (found.has(entry.oid)) continue;
      found.add(entry.oid);
      if (found.size > limits.maxFiles * 2) throw overLimit("it has too many files", `${limits.maxFiles}`);
      if (entry.kind === "folder") {
        trees.push({ oid: entry.oid, path: tree.path ? `${tree.path}/${entry.name}` : entry.name });
      }
    }
  }
  return [...found];
}

/** @throws HoldfastError when it is missing, unreadable, or not what its id says: pack indexes can lie */
async function readChecked(repository: Repository, oid: string, shown: string): Promise<GitObject> {
  try {
    const { type, object } = await readObject({ ...repository, oid, format: "content" });
    const result = { type: type as ObjectType, bytes: object as Uint8Array };
    if (hashObject(result) === oid) return result;
  } catch (error) {
    throw localError(error, shown, oid);
  }
  throw localError(new Error(`object ${oid} holds other bytes than its id says`), shown);
}
