import { type Header, pack } from "tar-stream";
import type { KeyFile } from "../../model/keys.ts";
import type { KeyTree } from "../../ports/key-disk.ts";

/** ustar, with pax records where a name or an owner needs them: every tar since 2001 reads it. */
export async function packTar({ name, folders, files }: KeyTree, modifiedAt: Date): Promise<Uint8Array> {
  const archive = pack();
  const header = (entry: Omit<KeyFile, "bytes">): Partial<Header> & { readonly name: string } => ({
    name: entry.path === "" ? name : `${name}/${entry.path}`,
    mode: entry.mode,
    mtime: modifiedAt,
    ...owners(entry),
  });
  for (const folder of folders) {
    const facts = header(folder);
    archive.entry({ ...facts, name: `${facts.name}/`, type: "directory" }); // as tar itself writes it
  }
  for (const file of files) archive.entry({ ...header(file), size: file.bytes.length }, Buffer.from(file.bytes));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the six octal digits of a header hold. */
const highestOctalId = 0o777777;

/** tar-stream cuts a larger id without a word. */
function owners({ uid, gid }: Omit<KeyFile, "bytes">) {
  if (Math.max(uid, gid) <= highestOctalId) return { uid, gid };
  return { uid: 0, gid: 0, pax: { uid: String(uid), gid: String(gid) } };
}
