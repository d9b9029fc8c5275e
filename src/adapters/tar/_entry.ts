import type { Header } from "tar-stream";
import { HoldfastError } from "../../model/error.ts";
import { escapeText, quoteText } from "../../model/escape.ts";

/** One file or folder of an archive, its header judged. */
export interface Entry {
  readonly kind: "file" | "folder";
  /** Relative, `/` between parts; "" for the archive's own top folder. */
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** tar-stream leaves the type open where it does not know it, and pax records untyped. */
export type TarHeader = Omit<Header, "type" | "pax"> & {
  readonly type: Header["type"] | null;
  readonly pax: Readonly<Record<string, string>> | null;
};

const nameBytes = 1024;
const partBytes = 255;
const depth = 32;
const highestId = 2 ** 32 - 2;

/** @throws HoldfastError `KEYS_ARCHIVE` for whatever is not a plain file or folder with a plain name */
export function entryFacts(header: TarHeader): Entry {
  const written = entryName(header);
  const kind = entryKind(header, written);
  const path = written.replace(/^(\.\/+)+/, "").replace(/^\.$/, "").replace(/\/$/, "");
  if (path !== "" || kind === "file") checkPath(path, written);
  const { size } = header;
  if (kind === "folder" && size > 0) throw archiveError(`folder ${quoteText(written)} has content`);
  return {
    kind,
    path,
    size,
    mode: header.mode & 0o777, // setuid, setgid and sticky bits mean nothing for a key
    uid: ownerId(header.pax?.["uid"] ?? header.uid, written),
    gid: ownerId(header.pax?.["gid"] ?? header.gid, written),
  };
}

/** `KEYS_ARCHIVE`: the bundle was opened, and what is in it is not an archive of keys. */
export function archiveError(found: string, cause?: unknown): HoldfastError {
  return new HoldfastError("KEYS_ARCHIVE", `Cannot unpack the keys bundle: ${found}`, {
    retry: "next-revision",
    hint: "make it anew with `tar c FOLDER | gpg --symmetric`, from a folder of plain files, and push",
    cause,
  });
}

/** A pax name is text already; any other arrives as bytes, one a character. */
function entryName(header: TarHeader): string {
  if (header.pax?.["path"]) {
    if (header.name.includes("\ufffd")) throw archiveError(`the name ${quoteText(header.name)} is not UTF-8`);
    return header.name;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(header.name, "latin1"));
  } catch {
    throw archiveError(`the name ${quoteText(header.name)} is not UTF-8`);
  }
}

function entryKind(header: TarHeader, written: string): Entry["kind"] {
  const sparse = Object.keys(header.pax ?? {}).some((key) => key.startsWith("GNU.sparse."));
  if (sparse) throw archiveError(`${quoteText(written)} is a sparse file, only plain files and folders are placed`);
  switch (header.type) {
    case "file":
    case "contiguous-file":
      return written.endsWith("/") ? "folder" : "file"; // archives of 1979 have no other sign of a folder
    case "directory":
      return "folder";
    case "link":
      throw refusedKind(written, "a hard link");
    case "symlink":
      throw refusedKind(written, "a symbolic link");
    default:
      throw refusedKind(written, header.type ? `a ${header.type}` : "of an unknown kind");
  }
}

function refusedKind(written: string, kind: string): HoldfastError {
  return archiveError(`${quoteText(written)} is ${kind}, only plain files and folders are placed`);
}

function checkPath(path: string, written: string): void {
  const parts = path.split("/");
  const problem = path.startsWith("/")
    ? "is absolute"
    : parts.includes("..")
    ? "leads out of its folder"
    : parts.some((part) => part === "" || part === ".")
    ? "has an empty part"
    : escapeText(path) !== path
    ? "has control characters"
    : parts.length > depth
    ? `is deeper than ${depth} folders`
    : Buffer.byteLength(path) > nameBytes || parts.some((part) => Buffer.byteLength(part) > partBytes)
    ? "is too long"
    : undefined;
  if (problem) throw archiveError(`the name ${quoteText(written.slice(0, 2 * partBytes))} ${problem}`);
}

function ownerId(id: string | number, written: string): number {
  const number = Number(id);
  if (Number.isInteger(number) && number >= 0 && number <= highestId) return number;
  throw archiveError(`${quoteText(written)} belongs to ${quoteText(String(id))}, which is no user or group id`);
}
