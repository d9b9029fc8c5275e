import { quoteTextShort } from "../../model/escape.ts";

const shownLength = 200;

/** Text that a remote chose, quoted and escaped, no longer than a message bears. */
export function quoteShort(text: string): string {
  return quoteTextShort(text, shownLength);
}

/** Bytes that should be UTF-8: where they are not, each byte that is not ASCII is shown as `\xNN`. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return quoteShort(text);
  const shown = [...bytes.subarray(0, shownLength)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`
  );
  return `"${shown.join("")}"`;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** undefined when the bytes are not UTF-8; a byte order mark is kept as a character. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
