import { execFileSync } from "node:child_process";
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

/**
 * A tmpfs of its own, mounted below the folder for temporary files: a program that runs under Deno with less than all
 * permissions may use nothing below /dev. Without root, a folder of the session's tmpfs.
 */
export function mountedMemoryFolder(name = "t"): Removable & { readonly path: string } {
  const session = process.env["XDG_RUNTIME_DIR"];
  if (process.getuid?.() !== 0 && session !== undefined) return folderBelow(session, name);
  const { path, dispose } = tempFolder(name);
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=0700", "tmpfs", path]);
  const unmount = () => void execFileSync("umount", ["--lazy", path]);
  return removable({ path }, () => {
    unmount();
    return dispose();
  }, unmount);
}

function folderBelow(parent: string, name: string): Removable & { readonly path: string } {
  const path = mkdtempSync(join(parent, `holdfast-${name}-`));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  return removable({ path }, remove, remove);
}
