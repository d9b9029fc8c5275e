import { createHash } from "node:crypto";

export type ObjectType = "commit" | "tree" | "blob" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** Objects by id; every id was computed from the bytes, never taken from an index. */
export type GitObjects = ReadonlyMap<string, GitObject>;

/** 40 hex digits. git's SHA-1 without collision detection: see `docs/dependencies.md`. */
export function hashObject(object: GitObject): string {
  return createHash("sha1").update(`${object.type} ${object.bytes.length}\0`).update(object.bytes).digest("hex");
}

/** 40 hex digits, as git writes them. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
