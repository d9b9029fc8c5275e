import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { GitObject, ObjectType } from "./objects.ts";

const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/**
 * A pack without deltas, piece by piece.
 *
 * @param count how many objects come
 * @see gitformat-pack
 */
export async function* writePack(count: number, objects: AsyncIterable<GitObject>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha1");
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  hash.update(header);
  yield header;
  for await (const object of objects) {
    const piece = Buffer.concat([entryHeader(object), deflateSync(object.bytes)]);
    hash.update(piece);
    yield piece;
  }
  yield hash.digest();
}

/** Three bits of type and the size: four bits of it first, then seven at a time. */
function entryHeader({ type, bytes }: GitObject): Uint8Array {
  const header: number[] = [];
  let byte = (typeNumbers[type] << 4) | (bytes.length & 0x0f);
  for (let rest = Math.floor(bytes.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    header.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  header.push(byte);
  return Uint8Array.from(header);
}
