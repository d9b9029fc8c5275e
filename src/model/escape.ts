/**
 * Everything that moves a cursor, starts a terminal sequence, breaks a line or reorders what is read: C0 and C1 controls,
 * DEL, line and paragraph separators, the marks of bidirectional text, byte order marks and lone surrogates.
 */
// deno-lint-ignore no-control-regex
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e" };

/**
 * Untrusted text (a commit's subject, a container's log, an Engine's answer) as one line that is safe on a terminal and in
 * the journal. Escaping twice changes nothing.
 */
export function escapeText(text: string): string {
  return text.replace(unprintable, (char) => {
    const short = shortEscapes[char];
    if (short) return short;
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * Untrusted text as `escapeText()` makes it, no longer than this when it is printed: cut after its escaping, never inside an
 * escape, and with no work for what is cut off.
 */
export function escapeShort(text: string, mostCharacters: number): string {
  let shown = "";
  for (const char of text.slice(0, mostCharacters + 1)) {
    const next = escapeText(char);
    if (shown.length + next.length > mostCharacters) return `${shown}…`;
    shown += next;
  }
  return shown;
}

/** A value between double quotes, its own quotes and backslashes escaped: `"say \"hi\""`. */
export function quoteText(text: string): string {
  return `"${escapeText(text.replace(/["\\]/g, "\\$&"))}"`;
}

/** As `quoteText()`, with at most so many characters between the quotes. */
export function quoteTextShort(text: string, mostCharacters: number): string {
  return `"${escapeShort(text.slice(0, mostCharacters + 1).replace(/["\\]/g, "\\$&"), mostCharacters)}"`;
}

/** JSON text with what JSON itself leaves unescaped but a terminal acts on; it still reads as the same value. */
export function escapeJson(json: string): string {
  return json.replace(unprintable, (char) => {
    if (char === "\n") return char; // between the lines of indented JSON; inside a string it is escaped already
    return char.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  });
}
