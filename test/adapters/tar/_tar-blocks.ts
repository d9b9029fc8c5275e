export interface TarEntry {
  readonly name: string | Uint8Array;
  /** tar's type flag; "0" is a file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** What the header claims, when it is not the content's length. */
  readonly size?: number;
}

/** One entry as ustar writes it, with whatever name and type: what no tar would make. */
export function tarBlocks({ name, type = "0", content = "", size }: TarEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.set(Buffer.from(name).subarray(0, 100), 0);
  header.write("0000600", 100, "latin1");
  header.write((size ?? body.length).toString(8).padStart(11, "0"), 124, "latin1");
  header.write("00000000000", 136, "latin1");
  header.write(" ".repeat(8), 148, "latin1");
  header.write(type, 156, "latin1");
  header.write("ustar", 257, "latin1");
  header.write("00", 263, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([header, body, Buffer.alloc((512 - body.length % 512) % 512)]);
}

/** The two blocks of zeros that end an archive. */
export const tarEnd: Buffer = Buffer.alloc(1024);
