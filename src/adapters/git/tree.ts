import { overLimit, unsafe } from "./errors.ts";
import { decodeUtf8, quoteBytes, quoteShort } from "./text.ts";
import { refuseName } from "./tree-names.ts";

export interface TreeEntry {
  readonly kind: "folder" | "file" | "executable" | "link";
  readonly name: string;
  readonly oid: string;
}

const kinds: Readonly<Record<string, TreeEntry["kind"]>> = {
  "40000": "folder",
  "100644": "file",
  "100755": "executable",
  "120000": "link",
};
/** Of one path: no file system has longer ones. */
export const maxPathBytes = 4000;
const nullObject = "0".repeat(40);
const remake = "make the tree again with git, and push it";

/**
 * The entries of one tree, as strict as `git fsck --strict` and stricter: known modes only, sorted as git sorts, no name
 * twice (upper and lower case are one), no name that a checkout or a terminal could misread.
 *
 * @param of.folder path of the tree inside the repository; "" for the root
 * @throws HoldfastError `SOURCE_UNSAFE`, naming the path; `SOURCE_LIMIT` before there are more entries than that
 */
export function parseTree(
  bytes: Uint8Array,
  { folder, maxEntries }: { readonly folder: string; readonly maxEntries: number },
): TreeEntry[] {
  const tree = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: TreeEntry[] = [];
  const seen = new Map<string, string>();
  let previous: Buffer | undefined;
  let at = 0;
  while (at < tree.length) {
    const space = tree.indexOf(0x20, at);
    const zero = tree.indexOf(0, at);
    if (space < 0 || zero < space || zero + 21 > tree.length) throw cutTree(folder);
    const mode = tree.toString("latin1", at, space);
    const nameBytes = tree.subarray(space + 1, zero);
    const oid = tree.toString("hex", zero + 1, zero + 21);
    at = zero + 21;
    if (entries.length >= maxEntries) throw overLimit("it has too many files and folders", `${maxEntries}`);
    if (nameBytes.length > maxPathBytes) {
      throw overLimit(
        `a name in ${folder ? quoteShort(folder) : "the root folder"} is too long`,
        `${maxPathBytes} bytes`,
      );
    }

    const where = (): string => quoteBytes(Buffer.concat([Buffer.from(folder && `${folder}/`), nameBytes]));
    const kind = kindOf(mode, where);
    const name = decodeUtf8(nameBytes);
    if (name === undefined) throw unsafe(where(), "its name is not UTF-8", "rename it and push");
    refuseName(name, { where, link: kind === "link" });
    if (oid === nullObject) throw unsafe(where(), "it points to the null object", remake);
    refuseTwin(name, seen, where);
    // git compares folders as if their names ended in a slash.
    const sortKey = kind === "folder" ? Buffer.concat([nameBytes, Buffer.from("/")]) : nameBytes;
    if (previous && previous.compare(sortKey) >= 0) throw unsafe(where(), "its tree is not sorted", remake);
    previous = sortKey;
    entries.push({ kind, name, oid });
  }
  return entries;
}

function kindOf(mode: string, where: () => string): TreeEntry["kind"] {
  const kind = Object.hasOwn(kinds, mode) ? kinds[mode] : undefined;
  if (kind) return kind;
  if (mode === "160000") {
    throw unsafe(where(), "it is a submodule, which holdfast does not fetch", "commit the files themselves and push");
  }
  const found = `its mode is ${quoteShort(mode)}, needed 100644, 100755, 120000 or 40000`;
  throw unsafe(where(), found, "add the file again with git, and push it");
}

/** Duplicates, and names that are one name where upper and lower case or accents are not told apart. */
function refuseTwin(name: string, seen: Map<string, string>, where: () => string): void {
  const folded = name.normalize("NFC").toLowerCase();
  const twin = seen.get(folded);
  if (twin === name) throw unsafe(where(), "its name stands twice in one tree", remake);
  if (twin !== undefined) {
    throw unsafe(
      where(),
      `its name differs from ${quoteShort(twin)} by upper and lower case only`,
      "rename one and push",
    );
  }
  seen.set(folded, name);
}

function cutTree(folder: string) {
  return unsafe(folder ? `folder ${quoteShort(folder)}` : "the root folder", "its tree ends inside an entry", remake);
}
