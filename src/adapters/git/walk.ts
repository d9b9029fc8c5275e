import type { RevisionFile, RevisionFiles } from "../../model/files.ts";
import { compareText } from "../../model/issue.ts";
import type { HoldfastError } from "../../model/error.ts";
import { overLimit, protocolError, unsafe } from "./errors.ts";
import type { GitLimits } from "./limits.ts";
import type { GitObject, GitObjects, ObjectType } from "./objects.ts";
import { decodeUtf8, quoteShort } from "./text.ts";
import { isGitFolder } from "./tree-names.ts";
import { maxPathBytes, parseTree, type TreeEntry } from "./tree.ts";

/**
 * All files below a root tree. Every object is there and of the type that its entry says; every link stays inside.
 *
 * @param root object id of the root tree
 * @returns sorted by path
 * @throws HoldfastError `SOURCE_UNSAFE` naming the path, `SOURCE_LIMIT`; `SOURCE_PROTOCOL` for a missing object
 */
export function walkTree(objects: GitObjects, root: string, limits: GitLimits): RevisionFiles {
  const files: [string, RevisionFile][] = [];
  const folders: { readonly path: string; readonly oid: string; readonly depth: number }[] = [];
  let totalBytes = 0;
  let pathBytes = 0;
  let found = 0;
  let folderCount = 0;

  const addFile = (path: string, entry: TreeEntry, mode: RevisionFile["mode"]) => {
    const { bytes } = objectOf(objects, { path, oid: entry.oid, type: "blob" });
    totalBytes += bytes.length;
    if (bytes.length > limits.maxFileBytes) {
      throw overLimit(`${quoteShort(path)} has ${bytes.length} bytes`, `${limits.maxFileBytes}`);
    }
    if (totalBytes > limits.maxTotalBytes) {
      throw overLimit("its files have too many bytes together", `${limits.maxTotalBytes}`);
    }
    if (files.length >= limits.maxFiles) throw overLimit("it has too many files", `${limits.maxFiles}`);
    if (mode === "link") refuseLink(path, bytes);
    files.push([path, { mode, oid: entry.oid, bytes }]);
  };

  folders.push({ path: "", oid: root, depth: 0 });
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    if (folder.depth > limits.maxDepth) {
      throw overLimit(`${quoteShort(folder.path)} lies too deep`, `${limits.maxDepth} folders inside each other`);
    }
    const tree = objectOf(objects, { path: folder.path, oid: folder.oid, type: "tree" });
    const entries = parseTree(tree.bytes, { folder: folder.path, maxEntries: 2 * limits.maxFiles - found });
    found += entries.length;
    folderCount += entries.filter(({ kind }) => kind === "folder").length;
    if (folderCount > limits.maxFiles) throw overLimit("it has too many folders", `${limits.maxFiles}`);
    for (const entry of entries) {
      const path = folder.path ? `${folder.path}/${entry.name}` : entry.name;
      const bytes = Buffer.byteLength(path);
      if (bytes > maxPathBytes) throw overLimit(`${quoteShort(path)} is a long path`, `${maxPathBytes} bytes`);
      pathBytes += bytes;
      if (pathBytes > limits.maxPathBytes) {
        throw overLimit("its paths are too long together", `${limits.maxPathBytes} bytes`);
      }
      if (entry.kind === "folder") folders.push({ path, oid: entry.oid, depth: folder.depth + 1 });
      else addFile(path, entry, entry.kind);
    }
  }
  return new Map(files.sort(([a], [b]) => compareText(a, b)));
}

function objectOf(objects: GitObjects, wanted: { path: string; oid: string; type: ObjectType }): GitObject {
  const object = objects.get(wanted.oid);
  const where = wanted.path ? quoteShort(wanted.path) : "the root folder";
  if (!object) throw missingObject(where, wanted.oid);
  if (object.type !== wanted.type) {
    throw unsafe(
      where,
      `its object is a ${object.type}, needed a ${wanted.type}`,
      "add it again with git, and push it",
    );
  }
  return object;
}

function missingObject(where: string, oid: string): HoldfastError {
  return protocolError(
    where,
    `its object ${oid} did not come with the commit`,
    "run `git fsck` in the repository on its server",
  );
}

/**
 * `..` may only stand in front: further in it could step out through another link. In front it climbs real folders, and
 * what follows passes at most links that stay inside themselves.
 */
function refuseLink(path: string, bytes: Uint8Array): void {
  const where = `link ${quoteShort(path)}`;
  const refuse = (found: string) => unsafe(where, found, "point it to a path inside the repository and push");
  const target = decodeUtf8(bytes);
  if (!target) throw refuse("its target is empty or not UTF-8");
  const shown = quoteShort(target);
  if (/\p{Cc}/u.test(target)) throw refuse(`its target ${shown} holds a control character`);
  if (target.startsWith("/")) throw refuse(`its target ${shown} is absolute`);
  if (bytes.length > maxPathBytes) throw refuse("its target is too long");
  let depth = path.split("/").length - 1;
  let descended = false;
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (isGitFolder(part)) throw refuse(`its target ${shown} lies in git's own folder`);
    if (part !== "..") descended = true;
    else if (descended) throw refuse(`its target ${shown} climbs after it has descended`);
    else if (--depth < 0) throw refuse(`its target ${shown} lies outside of the repository`);
  }
}
