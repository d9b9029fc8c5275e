import { extract } from "tar-stream";
import { HoldfastError } from "../../model/error.ts";
import { quoteText } from "../../model/escape.ts";
import { compareText } from "../../model/issue.ts";
import type { KeyFile } from "../../model/keys.ts";
import type { Archive } from "../../ports/archive.ts";
import { archiveError, type Entry, entryFacts, type TarHeader } from "./_entry.ts";
import { NameTable } from "./_name-table.ts";

/** Above the largest bundle that a deployment has use for, below what hurts a small host. */
export const archiveLimits = {
  fileBytes: 16 << 20,
  totalBytes: 64 << 20,
  /** Files and folders together. */
  entries: 4096,
} as const;

type Limits = Readonly<Record<keyof typeof archiveLimits, number>>;

/** Reads ustar, GNU and pax archives, plain files and folders only. */
export function tarArchive(limits: Limits = archiveLimits): Archive {
  return {
    async unpack(bytes, signal) {
      try {
        return await readFiles(bytes, limits, signal);
      } catch (error) {
        if (error instanceof HoldfastError || signal.aborted) throw error;
        throw archiveError(`it is no tar, or a damaged one (${(error as Error).message})`, error);
      }
    },
  };
}

/** Names arrive as bytes, so that invalid UTF-8 can be told; archives of 1979 carry no magic. Options its types lack. */
const tarOptions = { filenameEncoding: "latin1", allowUnknownFormat: true } as Parameters<typeof extract>[0];

async function readFiles(bytes: Uint8Array, limits: Limits, signal: AbortSignal): Promise<KeyFile[]> {
  refuseCompressed(bytes);
  const extractor = extract(tarOptions);
  extractor.end(bytes);
  const names = new NameTable();
  const files: KeyFile[] = [];
  let entries = 0;
  let totalBytes = 0;
  let end = 0;
  for await (const stream of extractor) {
    signal.throwIfAborted();
    const entry = entryFacts(stream.header as unknown as TarHeader);
    refuseAfterEnd(bytes, end);
    end = stream.offset + 512 + Math.ceil(entry.size / 512) * 512;
    if (end > bytes.length) throw archiveError(`it was cut inside ${quoteText(entry.path)}`);
    refuseTooMuch({ entry, entries: ++entries, totalBytes: totalBytes += entry.size }, limits);
    names.add(entry);
    const content = await readContent(stream, entry.size);
    if (entry.kind === "folder") continue;
    files.push({ path: entry.path, mode: entry.mode, uid: entry.uid, gid: entry.gid, bytes: content });
  }
  requireEnd(bytes, end);
  if (files.length === 0) throw archiveError("it holds no file");
  return files.sort((a, b) => compareText(a.path, b.path));
}

async function readContent(stream: AsyncIterable<unknown>, size: number): Promise<Uint8Array> {
  const content = new Uint8Array(size); // a copy: the archive as a whole is not kept
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    content.set(chunk, length);
    length += chunk.length;
  }
  return content;
}

interface Amount {
  readonly entry: Entry;
  readonly entries: number;
  readonly totalBytes: number;
}

function refuseTooMuch({ entry, entries, totalBytes }: Amount, limits: Limits): void {
  if (entries > limits.entries) throw archiveError(`it holds more than ${limits.entries} files and folders`);
  if (totalBytes > limits.totalBytes) throw archiveError(`it holds more than ${limits.totalBytes} bytes`);
  if (entry.size > limits.fileBytes) {
    throw archiveError(`${quoteText(entry.path)} has ${entry.size} bytes, more than ${limits.fileBytes}`);
  }
}

const compressed: ReadonlyArray<readonly [name: string, magic: readonly number[]]> = [
  ["gzip", [0x1f, 0x8b]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
];

function refuseCompressed(bytes: Uint8Array): void {
  const found = compressed.find(([, magic]) => magic.every((byte, n) => bytes[n] === byte));
  if (found) throw archiveError(`it is compressed (${found[0]}), needed is a plain tar: gpg compresses what it seals`);
}

/** tar ends at its first block of zeros; what follows would be read here and by no other tar. */
function refuseAfterEnd(bytes: Uint8Array, end: number): void {
  if (end > 0 && isZero(bytes.subarray(end, end + 512))) throw archiveError("there is something behind its end");
}

/** A tar that was cut between two entries is told by the blocks of zeros that it lacks. */
function requireEnd(bytes: Uint8Array, end: number): void {
  const rest = bytes.subarray(end);
  if (rest.length < 512 || !isZero(rest.subarray(0, 512))) throw archiveError("it was cut: its end is missing");
  if (!isZero(rest)) throw archiveError("there is something behind its end");
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
