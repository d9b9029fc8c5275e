import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { HoldfastError } from "../../model/error.ts";
import { applyDelta, DeltaError, deltaResultSize } from "./delta.ts";
import { overLimit, throwIfCancelled } from "./errors.ts";
import type { GitLimits } from "./limits.ts";
import { type GitObject, type GitObjects, hashObject, type ObjectType } from "./objects.ts";

const trailerBytes = 20;
const yieldEveryMs = 20;
const plainTypes: Readonly<Record<number, ObjectType>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const offsetDelta = 6;
const refDelta = 7;

/** A delta that waits for its base: an offset in the pack, or an object id. */
interface Delta {
  readonly offset: number;
  readonly base: number | string;
  readonly bytes: Uint8Array;
}

/**
 * Unpacks a whole pack in memory: the trailer is checked, every object is hashed, every delta finds its base in the same
 * pack, no byte is left over, and nothing is inflated beyond the limits.
 *
 * @throws HoldfastError `SOURCE_PROTOCOL` for a damaged pack, `SOURCE_LIMIT`
 * @see gitformat-pack
 */
export async function readPack(pack: Uint8Array, limits: GitLimits, signal: AbortSignal): Promise<GitObjects> {
  const { count, end } = readFrame(pack, limits);
  const found = new Found(limits);
  const breathe = breather(signal);
  let offset = 12;
  for (let i = 0; i < count; i++) {
    await breathe();
    offset = readEntry(pack.subarray(0, end), offset, found);
    for (let delta = found.nextReady(); delta; delta = found.nextReady()) {
      await breathe();
      found.resolve(delta);
    }
  }
  if (offset !== end) throw damaged(`${end - offset} bytes follow its last object`);
  if (found.waiting.size > 0) throw damaged("a delta has no base in it");
  return found.objects;
}

/** What has been unpacked so far, and which deltas still wait for what. */
class Found {
  readonly objects = new Map<string, GitObject>();
  readonly waiting = new Map<number | string, Delta[]>();
  private readonly byOffset = new Map<number, GitObject>();
  private readonly ready: Delta[] = [];
  private total = 0;
  private readonly limits: GitLimits;

  constructor(limits: GitLimits) {
    this.limits = limits;
  }

  /** Counts bytes before they are made. */
  reserve(size: number): void {
    this.total += size;
    if (size > this.limits.maxFileBytes) throw overLimit(`an object has ${size} bytes`, `${this.limits.maxFileBytes}`);
    if (this.total > this.limits.maxTotalBytes) {
      throw overLimit("its objects unpack to more bytes than fit", `${this.limits.maxTotalBytes}`);
    }
  }

  add(offset: number, object: GitObject): void {
    const id = hashObject(object);
    this.byOffset.set(offset, object);
    this.objects.set(id, object);
    for (const key of [offset, id]) {
      for (const delta of this.waiting.get(key) ?? []) this.ready.push(delta);
      this.waiting.delete(key);
    }
  }

  addDelta(delta: Delta): void {
    if (this.baseOf(delta)) return void this.ready.push(delta);
    const others = this.waiting.get(delta.base);
    if (others) others.push(delta);
    else this.waiting.set(delta.base, [delta]);
  }

  nextReady(): Delta | undefined {
    return this.ready.pop();
  }

  resolve(delta: Delta): void {
    const base = this.baseOf(delta)!;
    try {
      this.reserve(deltaResultSize(delta.bytes));
      this.add(delta.offset, { type: base.type, bytes: applyDelta(base.bytes, delta.bytes) });
    } catch (error) {
      throw error instanceof DeltaError ? damaged(error.message) : error;
    }
  }

  private baseOf(delta: Delta): GitObject | undefined {
    return typeof delta.base === "number" ? this.byOffset.get(delta.base) : this.objects.get(delta.base);
  }
}

function readFrame(pack: Uint8Array, limits: GitLimits): { count: number; end: number } {
  const end = pack.length - trailerBytes;
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (end < 12 || view.getUint32(0) !== 0x5041434b) throw damaged(`${pack.length} bytes are no pack`);
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) throw damaged(`its version is ${version}, needed 2`);
  const trailer = createHash("sha1").update(pack.subarray(0, end)).digest();
  if (!trailer.equals(pack.subarray(end))) throw damaged("its checksum does not match");
  const count = view.getUint32(8);
  // A bound on the work before anything is known of the tree, which `walk.ts` counts exactly.
  const most = limits.maxFiles * 4 + 1000;
  if (count > most) throw overLimit(`it comes with ${count} objects`, `${most}`);
  return { count, end };
}

/** @returns where the next entry starts */
function readEntry(pack: Uint8Array, offset: number, found: Found): number {
  let at = offset;
  const next = (): number => {
    const byte = pack[at++];
    if (byte === undefined) throw damaged("it ends inside an object");
    return byte;
  };
  let byte = next();
  const type = (byte >> 4) & 7;
  let size = byte & 0x0f;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
    if (size > Number.MAX_SAFE_INTEGER) throw damaged("an object names a size that is too large");
  }
  let base: number | string | undefined;
  if (type === offsetDelta) {
    byte = next();
    let distance = byte & 0x7f;
    while (byte & 0x80) {
      byte = next();
      distance = (distance + 1) * 128 + (byte & 0x7f);
    }
    base = offset - distance;
    if (distance === 0 || base < 12) throw damaged("a delta names a base outside of it");
  } else if (type === refDelta) {
    base = Buffer.from(pack.subarray(at, at + 20)).toString("hex");
    at += 20;
  }
  found.reserve(size);
  const { bytes, length } = inflate(pack.subarray(at), size);
  const plain = plainTypes[type];
  if (base !== undefined) found.addDelta({ offset, base, bytes });
  else if (plain) found.add(offset, { type: plain, bytes });
  else throw damaged(`an object is of the unknown type ${type}`);
  return at + length;
}

function inflate(input: Uint8Array, size: number): { bytes: Uint8Array; length: number } {
  const chunkSize = Math.min(Math.max(size + 1, 64), 1024 * 1024);
  try {
    // `info` makes zlib tell how many input bytes the object took; node's types do not know of it.
    const options = { info: true, maxOutputLength: Math.max(size, 1), chunkSize };
    const result = inflateSync(input, options) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    if (result.buffer.length === size) return { bytes: result.buffer, length: result.engine.bytesWritten };
  } catch (cause) {
    throw damaged("an object does not inflate to the size it names", cause);
  }
  throw damaged("an object does not inflate to the size it names");
}

function damaged(found: string, cause?: unknown): HoldfastError {
  return new HoldfastError("SOURCE_PROTOCOL", `Cannot read the pack: ${found}`, {
    retry: "backoff",
    hint: "it is fetched again; if this stays, run `git fsck` in the repository on its server",
    cause,
  });
}

/** Lets other work run now and then, and ends with the signal. */
function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    throwIfCancelled(signal);
    if (performance.now() - last < yieldEveryMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
  };
}
