import { createHash } from "node:crypto";
import { digestKey } from "../../../src/model/digest.ts";
import type { RevisionFile, RevisionFiles } from "../../../src/model/files.ts";
import type { KeyFile } from "../../../src/model/keys.ts";

export const testKey = digestKey(new Uint8Array(32));
export const never: AbortSignal = new AbortController().signal;

/** A revision's files by path: text, `{ link }` or `{ executable }`. */
export function revision(
  files: Readonly<Record<string, string | { readonly link: string } | { readonly executable: string }>>,
): RevisionFiles {
  return new Map(
    Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1).map(([path, content]) => {
      if (typeof content === "string") return [path, trackedFile("file", content)];
      return [
        path,
        "link" in content ? trackedFile("link", content.link) : trackedFile("executable", content.executable),
      ];
    }),
  );
}

function trackedFile(mode: RevisionFile["mode"], content: string): RevisionFile {
  const bytes = Buffer.from(content);
  return { mode, bytes, oid: createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex") };
}

/** Keys of root's, 0600. */
export function keyFiles(files: Readonly<Record<string, string>>, more: Partial<KeyFile> = {}): KeyFile[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    bytes: Buffer.from(content),
    mode: 0o600,
    uid: process.getuid!(),
    gid: process.getgid!(),
    ...more,
  }));
}
