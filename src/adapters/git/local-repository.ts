import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "../../model/error.ts";
import { protocolError } from "./errors.ts";
import { escapeShort } from "../../model/escape.ts";

/**
 * The git folder of a local repository, bare or not, after refusing what this reader does not support.
 *
 * @throws HoldfastError `SOURCE_NOT_FOUND`, `SOURCE_DENIED`; `SOURCE_PROTOCOL` for alternates, SHA-256 and the like
 */
export async function openLocalRepository(path: string, shown: string): Promise<string> {
  const inside = join(path, ".git");
  if (await kindOf(inside, shown) === "file") {
    throw unsupported(shown, "it is a linked worktree or a submodule", "give the path of the main repository");
  }
  for (const gitdir of [inside, path]) {
    const [head, objects] = [await kindOf(join(gitdir, "HEAD"), shown), await kindOf(join(gitdir, "objects"), shown)];
    if (head !== "file" || objects !== "folder") continue;
    await refuseUnsupported(gitdir, shown);
    return gitdir;
  }
  throw new HoldfastError("SOURCE_NOT_FOUND", `Cannot find ${shown}: there is no git repository at this path`, {
    retry: "operator",
    hint: "give the path of a bare repository, or of a folder that holds a `.git` folder",
  });
}

async function refuseUnsupported(gitdir: string, shown: string): Promise<void> {
  const config = await readText(join(gitdir, "config"), shown);
  const extensions = /^\s*\[extensions\][^[]*/im.exec(config)?.[0] ?? "";
  if (/^\s*objectformat\s*=\s*"?sha256/im.test(extensions)) {
    throw unsupported(shown, "its objects are named by sha256, needed sha1");
  }
  if (/^\s*refstorage\s*=\s*"?reftable/im.test(extensions)) {
    throw unsupported(shown, "it stores its refs as reftable, needed files");
  }
  if (await kindOf(join(gitdir, "commondir"), shown)) {
    throw unsupported(shown, "it is a linked worktree", "give the path of the main repository");
  }
  if ((await readText(join(gitdir, "objects", "info", "alternates"), shown)).trim() !== "") {
    throw unsupported(
      shown,
      "it borrows objects from another repository (objects/info/alternates)",
      "run `git repack -a -d` in it and remove that file",
    );
  }
}

async function kindOf(path: string, shown: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw localError(error, shown);
  }
}

async function readText(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw localError(error, shown);
  }
}

function unsupported(shown: string, found: string, hint?: string): HoldfastError {
  return new HoldfastError("SOURCE_PROTOCOL", `Cannot read ${shown}: ${found}, which holdfast does not support`, {
    retry: "operator",
    hint: hint ?? "serve the repository over https, or convert it with git",
  });
}

/** isomorphic-git's and node's words for something that is not there. */
export function isMissing(error: unknown): boolean {
  return ["NotFoundError", "ENOENT", "ENOTDIR"].includes(String((error as NodeJS.ErrnoException)?.code));
}

/** @param oid the object that was wanted, if it was one */
export function localError(thrown: unknown, shown: string, oid?: string): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  const { code, message = String(thrown) } = thrown as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") {
    return new HoldfastError("SOURCE_DENIED", `Cannot read ${shown}: permission denied (${code})`, {
      retry: "operator",
      hint: "let the user that holdfast runs as read the repository",
      cause: thrown,
    });
  }
  const found = oid && isMissing(thrown) ? `object ${oid} is missing` : escapeShort(message, 500);
  return protocolError(shown, found, "run `git fsck` in the repository; shallow and partial clones lack objects");
}
