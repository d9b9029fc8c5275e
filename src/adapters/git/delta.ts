/** Why a delta cannot be applied; `pack.ts` says where. */
export class DeltaError extends Error {}

/** The size of what a delta makes: its second number. */
export function deltaResultSize(delta: Uint8Array): number {
  return readSize(delta, readSize(delta, 0).next).value;
}

/**
 * Applies git's copy-and-insert instructions.
 *
 * @throws DeltaError for another base than it was made for, a range outside the base, or another size than it says
 * @see gitformat-pack, "Deltified representation"
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  const baseSize = readSize(delta, 0);
  const resultSize = readSize(delta, baseSize.next);
  if (baseSize.value !== base.length) throw new DeltaError("a delta was made for another base");
  const result = new Uint8Array(resultSize.value);
  let written = 0;
  let at = resultSize.next;
  const put = (piece: Uint8Array, length: number) => {
    if (piece.length !== length || written + length > result.length) throw new DeltaError("a delta leaves its range");
    result.set(piece, written);
    written += length;
  };
  while (at < delta.length) {
    const code = delta[at++]!;
    if (code === 0) throw new DeltaError("a delta holds a reserved instruction");
    if (code < 0x80) {
      put(delta.subarray(at, at + code), code);
      at += code;
      continue;
    }
    let offset = 0;
    let length = 0;
    for (let i = 0; i < 4; i++) if (code & (1 << i)) offset += byteAt(delta, at++) * 256 ** i;
    for (let i = 0; i < 3; i++) if (code & (0x10 << i)) length += byteAt(delta, at++) * 256 ** i;
    if (length === 0) length = 0x10000;
    put(base.subarray(offset, offset + length), length);
  }
  if (written !== result.length) throw new DeltaError("a delta makes another size than it says");
  return result;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new DeltaError("a delta ends early");
  return byte;
}

function readSize(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 7; i++) {
    const byte = byteAt(bytes, start + i);
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, next: start + i + 1 };
  }
  throw new DeltaError("a delta names a size that is too large");
}
