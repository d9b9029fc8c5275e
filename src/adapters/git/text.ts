/** Text that a remote chose, fit for messages and journals: quoted, without control or direction-changing characters. */
export function quoteText(text: string, most = 200): string {
  const shown = text.length > most ? `${text.slice(0, most)}…` : text;
  return `"${escapeControls(shown.replace(/["\\]/g, "\\$&"))}"`;
}

/** Bytes that should be UTF-8: what is not is shown as `\xNN`. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return quoteText(text);
  const shown = [...bytes.subarray(0, 200)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`
  );
  return `"${shown.join("")}"`;
}

/** Control and direction-changing characters as `\u{…}`; all else stays. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
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
