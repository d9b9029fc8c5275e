/**
 * Splits a command into words as Compose does: quotes and backslashes as in a shell, no variables, and everything from
 * an unquoted `;`, `&`, `|`, `<` or `>` on is dropped.
 *
 * @returns undefined for a quote that is not closed, or a bare parenthesis
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word = "";
  let started = false;
  let quote: "" | '"' | "'" | "`" | "$(" = "";
  let escaped = false;
  for (const character of text) {
    if (escaped) {
      word += character === "t" ? "\t" : character === "n" ? "\n" : character;
      escaped = false;
      started = true;
      continue;
    }
    if (character === "\\") {
      if (quote === "'") word += character;
      else escaped = true;
      continue;
    }
    if (" \t\r\n".includes(character)) {
      if (quote !== "") word += character;
      else if (started) {
        words.push(word);
        word = "";
        started = false;
      }
      continue;
    }
    if ((character === '"' || character === "'") && (quote === "" || quote === character)) {
      started ||= quote === character;
      quote = quote === "" ? character : "";
      continue;
    }
    if (character === "`" && (quote === "" || quote === "`")) quote = quote === "" ? "`" : "";
    else if (character === "(" && (quote === "" || quote === "$(")) {
      if (quote !== "" || !word.endsWith("$")) return undefined;
      quote = "$(";
      word += "(";
      continue;
    } else if (character === ")" && (quote === "" || quote === "$(")) {
      if (quote === "") return undefined;
      quote = "";
    } else if (quote === "" && ";&|<>".includes(character)) {
      // a leading number (`2>file`) belongs to the redirection
      if (character === ">" && /^[0-9]/.test(word)) started = false;
      break;
    }
    started = true;
    word += character;
  }
  if (started) words.push(word);
  return escaped || quote !== "" ? undefined : words;
}
