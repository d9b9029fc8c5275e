/** One packet of git's wire format. `end` is the end of the stream between two packets. */
export type Packet =
  | { readonly kind: "data"; readonly bytes: Buffer }
  | { readonly kind: "flush" }
  | { readonly kind: "delimiter" }
  | { readonly kind: "response-end" }
  | { readonly kind: "end" };

export const flushPacket = "0000";
export const delimiterPacket = "0001";

/** Why a stream is not pkt-lines; `upload-pack.ts` says whose. */
export class PacketError extends Error {}

/** One line with its length in front and a line feed at its end. */
export function encodeLine(text: string): string {
  const length = Buffer.byteLength(text) + 5;
  return `${length.toString(16).padStart(4, "0")}${text}\n`;
}

/** Packets of any size, and how large they have to be on average beyond these. */
const freePackets = 20_000;
const leastBytes = 32;

/** Reads packets from pieces of any size. */
export class PacketReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private buffer = Buffer.alloc(0);
  private readonly maxBytes: number;
  private bytes = 0;
  private packets = 0;

  /** @param maxBytes of the whole stream */
  constructor(body: AsyncIterable<Uint8Array>, maxBytes = Infinity) {
    this.pieces = body[Symbol.asyncIterator]();
    this.maxBytes = maxBytes;
  }

  /** @throws PacketError when the stream is no pkt-line stream, or ends inside a packet */
  async next(): Promise<Packet> {
    // each packet costs the same, whatever is in it: an answer of nothing but empty ones would keep a core busy
    if (++this.packets > freePackets + this.bytes / leastBytes) {
      throw new PacketError("it is cut into too many packets");
    }
    if (!await this.fill(4)) {
      if (this.buffer.length === 0) return { kind: "end" };
      throw new PacketError("it ends inside a packet");
    }
    const head = this.buffer.toString("latin1", 0, 4);
    if (!/^[0-9a-fA-F]{4}$/.test(head)) throw new PacketError("it is not in git's wire format");
    const length = parseInt(head, 16);
    if (length < 4) {
      this.buffer = this.buffer.subarray(4);
      if (length === 0) return { kind: "flush" };
      if (length === 1) return { kind: "delimiter" };
      if (length === 2) return { kind: "response-end" };
      throw new PacketError("it holds a packet of no known kind");
    }
    if (!await this.fill(length)) throw new PacketError("it ends inside a packet");
    const bytes = this.buffer.subarray(4, length);
    this.buffer = this.buffer.subarray(length);
    return { kind: "data", bytes };
  }

  /** Ends the stream under it when it was not read to its end. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  private async fill(length: number): Promise<boolean> {
    while (this.buffer.length < length) {
      const piece = await this.pieces.next();
      if (piece.done) return false;
      this.bytes += piece.value.length;
      if (this.bytes > this.maxBytes) throw new PacketError("it is longer than an answer to this question may be");
      this.buffer = this.buffer.length === 0 ? Buffer.from(piece.value) : Buffer.concat([this.buffer, piece.value]);
    }
    return true;
  }
}
