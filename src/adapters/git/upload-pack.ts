import { isObjectId } from "./objects.ts";
import { delimiterPacket, encodeLine, flushPacket, PacketError, type PacketReader } from "./pkt-line.ts";
import type { RemoteRef } from "./remote.ts";
import { quoteShort } from "./text.ts";

/**
 * git's upload-pack protocol, as a client: what is asked, and how answers are read. Transports carry the bytes.
 * @see gitprotocol-v2, gitprotocol-pack
 */
export type Advertisement =
  | { readonly kind: "v2"; readonly capabilities: Capabilities }
  | { readonly kind: "v0"; readonly capabilities: Capabilities; readonly refs: readonly RemoteRef[] };

/** Names to values; "" where there is no value. */
export type Capabilities = ReadonlyMap<string, string>;

/** The server understood the question and refuses it, in its own words. */
export class ServerRefusal extends Error {}

const agent = "agent=holdfast";
/** Of those that were asked for: the rest of a longer list is left out. */
const maxRefs = 20_000;
const maxCapabilities = 1000;
const maxCapabilityLength = 4096;
/** Of lines that say where the history is cut: with a depth of one there is one. */
const maxShallowLines = 1000;
/** Asked not to, a server says a few words at most. */
const maxProgressBytes = 1024 * 1024;

/**
 * Reads what a server says first: its capabilities (v2), or its capabilities and all refs (v0, v1).
 *
 * @param prefixes of the refs that are kept; none keeps all
 * @throws PacketError, ServerRefusal
 */
export async function readAdvertisement(reader: PacketReader, prefixes: readonly string[]): Promise<Advertisement> {
  let line = await readLine(reader);
  if (line?.startsWith("# service=")) {
    if (await readLine(reader) !== undefined) throw new PacketError("its first section has no end");
    line = await readLine(reader);
  }
  if (line === "version 2") {
    const capabilities = capabilityList();
    for (let next = await readLine(reader); next !== undefined; next = await readLine(reader)) capabilities.add(next);
    return { kind: "v2", capabilities: capabilities.values };
  }
  if (line === "version 1") line = await readLine(reader);
  return readV0Refs(reader, line, prefixes);
}

async function readV0Refs(
  reader: PacketReader,
  first: string | undefined,
  prefixes: readonly string[],
): Promise<Advertisement> {
  const capabilities = capabilityList();
  const targets = new Map<string, string>();
  const refs: RemoteRef[] = [];
  for (let line = first; line !== undefined; line = await readLine(reader)) {
    if (line.startsWith("shallow ")) continue;
    const zero = line.indexOf("\0");
    const [oid = "", name = ""] = splitOnce(zero < 0 ? line : line.slice(0, zero), " ");
    for (const capability of zero < 0 ? [] : line.slice(zero + 1).split(" ")) {
      const [symref, target] = splitOnce(capability.replace(/^symref=/, ""), ":");
      capabilities.add(capability);
      if (capability.startsWith("symref=")) targets.set(symref, target);
    }
    if (name === "capabilities^{}") continue;
    if (!isObjectId(oid) || name === "") throw new PacketError(`it lists ${quoteShort(line)} as a ref`);
    const last = refs.at(-1);
    if (last && name === `${last.name}^{}`) refs[refs.length - 1] = { ...last, peeled: oid };
    else if (!name.endsWith("^{}")) addRef(refs, { name, oid }, prefixes);
  }
  return {
    kind: "v0",
    capabilities: capabilities.values,
    refs: refs.map((ref) => ({ ...ref, target: targets.get(ref.name) })),
  };
}

/** A v2 question for refs whose full names start with one of the prefixes. */
export function lsRefsRequest(server: Advertisement, prefixes: readonly string[]): string {
  const wishes = ["peel", "symrefs", ...prefixes.map((prefix) => `ref-prefix ${prefix}`)];
  return v2Request("ls-refs", server, wishes);
}

/**
 * @param prefixes as they were asked for: servers may list more
 * @throws PacketError, ServerRefusal
 */
export async function readLsRefs(reader: PacketReader, prefixes: readonly string[]): Promise<RemoteRef[]> {
  const refs: RemoteRef[] = [];
  for (let line = await readLine(reader); line !== undefined; line = await readLine(reader)) {
    const [oid = "", name = "", ...attributes] = line.split(" ");
    if (oid === "unborn") continue;
    const value = (key: string) => attributes.find((text) => text.startsWith(key))?.slice(key.length);
    const peeled = value("peeled:");
    if (!isObjectId(oid) || name === "" || (peeled !== undefined && !isObjectId(peeled))) {
      throw new PacketError(`it lists ${quoteShort(line)} as a ref`);
    }
    addRef(refs, { name, oid, peeled, target: value("symref-target:") }, prefixes);
  }
  return refs;
}

/** Asks for one object and what it needs, without a history. */
export function fetchRequest(server: Advertisement, want: string): string {
  if (server.kind === "v2") {
    return v2Request("fetch", server, ["no-progress", "ofs-delta", "deepen 1", `want ${want}`, "done"]);
  }
  const wishes = ["side-band-64k", "shallow", "ofs-delta", "no-progress"].filter((name) =>
    server.capabilities.has(name)
  );
  if (server.capabilities.has("agent")) wishes.push(agent);
  return encodeLine(`want ${want} ${wishes.join(" ")}`) + encodeLine("deepen 1") + flushPacket + encodeLine("done");
}

/**
 * The pack inside an answer to `fetchRequest()`.
 *
 * @throws PacketError, ServerRefusal
 */
export async function* readFetchedPack(reader: PacketReader, server: Advertisement): AsyncGenerator<Uint8Array> {
  if (server.kind === "v2") await skipToPackfile(reader);
  else await skipAcknowledgments(reader);
  let progress = 0;
  for (;;) {
    const packet = await reader.next();
    if (packet.kind === "flush") return;
    if (packet.kind !== "data") throw new PacketError("it ends before the pack does");
    const band = packet.bytes[0];
    if (band === 1) yield packet.bytes.subarray(1);
    else if (band === 3) throw new ServerRefusal(serverSays(packet.bytes.toString("utf8", 1)));
    else if (band === 2) {
      progress += packet.bytes.length;
      if (progress > maxProgressBytes) throw new PacketError("it tells of its progress without end");
    } else refuseOrThrow(packet.bytes.toString("utf8"), "it mixes the pack with something else");
  }
}

/** What this client cannot do without; undefined when the server offers it all. */
export function whatServerLacks(server: Advertisement): string | undefined {
  const format = server.capabilities.get("object-format") ?? "sha1";
  if (format !== "sha1") return `its objects are named by ${quoteShort(format)}, needed sha1`;
  if (server.kind === "v2") {
    if (!server.capabilities.has("ls-refs")) return "it does not list refs";
    return server.capabilities.get("fetch")?.split(" ").includes("shallow")
      ? undefined
      : "it does not serve shallow fetches";
  }
  // An empty repository of an old server says nothing at all.
  if (server.capabilities.size === 0 && server.refs.length === 0) return undefined;
  return ["side-band-64k", "shallow"].every((name) => server.capabilities.has(name))
    ? undefined
    : "it does not serve shallow fetches over a side band";
}

function v2Request(command: string, server: Advertisement, wishes: readonly string[]): string {
  const head = [
    `command=${command}`,
    ...["agent", "object-format"].flatMap((name) =>
      server.capabilities.has(name) ? [name === "agent" ? agent : "object-format=sha1"] : []
    ),
  ];
  return head.map(encodeLine).join("") + delimiterPacket + wishes.map(encodeLine).join("") + flushPacket;
}

async function skipToPackfile(reader: PacketReader): Promise<void> {
  for (let line = await readLine(reader); line !== "packfile"; line = await readLine(reader)) {
    if (line !== "shallow-info") throw new PacketError("it does not begin with a pack");
    for (let lines = 0; await readLine(reader, "delimiter") !== undefined; lines++) refuseMany(lines, maxShallowLines);
  }
}

async function skipAcknowledgments(reader: PacketReader): Promise<void> {
  let lines = 0;
  for (let line = await readLine(reader); line !== undefined; line = await readLine(reader)) {
    refuseMany(lines++, maxShallowLines);
    if (!/^(un)?shallow /.test(line)) throw new PacketError("it does not begin with where the history is cut");
  }
  if (await readLine(reader) !== "NAK") throw new PacketError("it does not begin with a pack");
}

/** One line without its line feed; undefined at the packet that ends a section. */
async function readLine(
  reader: PacketReader,
  sectionEnd: "flush" | "delimiter" = "flush",
): Promise<string | undefined> {
  const packet = await reader.next();
  if (packet.kind === sectionEnd) return undefined;
  if (packet.kind === "end") throw new PacketError("it is empty or ends early");
  if (packet.kind !== "data") throw new PacketError("its sections are not in order");
  const line = packet.bytes.toString("utf8").replace(/\n$/, "");
  if (line.startsWith("ERR ")) refuseOrThrow(line, "");
  return line;
}

function refuseOrThrow(line: string, otherwise: string): never {
  if (line.startsWith("ERR ")) throw new ServerRefusal(serverSays(line.slice(4)));
  throw new PacketError(otherwise);
}

function serverSays(text: string): string {
  return `the server says ${quoteShort(text.trim())}`;
}

function refuseMany(lines: number, most: number): void {
  if (lines >= most) throw new PacketError(`it says in more than ${most} lines where the history is cut`);
}

/** Collects capabilities, and counts those that are repeated. */
function capabilityList(): { readonly values: ReadonlyMap<string, string>; add(text: string): void } {
  const values = new Map<string, string>();
  let left = maxCapabilities;
  return {
    values,
    add(text) {
      const [name, value] = splitOnce(text, "=");
      if (text.length > maxCapabilityLength || left-- <= 0) {
        throw new PacketError("it advertises capabilities without end");
      }
      if (name) values.set(name, value);
    },
  };
}

function addRef(refs: RemoteRef[], ref: RemoteRef, prefixes: readonly string[]): void {
  const isWanted = prefixes.length === 0 || prefixes.some((prefix) => ref.name.startsWith(prefix));
  if (isWanted && refs.length < maxRefs) refs.push(ref);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
