import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Removable, removable } from "./removable.ts";

/** A folder of its own, on disk. The path is short, so that sockets fit below it (108 bytes). */
export function tempFolder(name = "t"): Removable & { readonly path: string } {
  return folderBelow(tmpdir(), name);
}

/** A folder of its own on tmpfs, as the agent's runtime folder must be. */
export function memoryFolder(name = "t"): Removable & { readonly path: string } {
  return folderBelow("/dev/shm", name);
}

function folderBelow(parent: string, name: string): Removable & { readonly path: string } {
  const path = mkdtempSync(join(parent, `holdfast-${name}-`));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  return removable({ path }, remove, remove);
}
