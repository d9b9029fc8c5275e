import type { YAMLParseError } from "yaml";

export interface SyntaxExplanation {
  readonly message: string;
  readonly hint: string;
  /** Where the operator has to look, which is not always where the library noticed. */
  readonly offset: number;
}

const sameIndent = "give the keys of one mapping, and the items of one list, the same number of spaces";

/** What the library says, and what says more to someone who has to mend the file. */
const explanations: readonly { readonly says: RegExp; readonly message: string; readonly hint: string }[] = [
  {
    says: /same column/,
    message: "The line is indented otherwise than the lines that it belongs to",
    hint: sameIndent,
  },
  {
    says: /block sequence may not be used/,
    message: "A list item stands where a key is needed",
    hint: "indent it like the items before it, or put it below a key of its own",
  },
  {
    says: /Nested mappings are not allowed/,
    message: "A value holds `: `, which would begin a mapping",
    hint: "put the value in quotes",
  },
  {
    says: /single line|followed by map values/,
    message: "The line has no `:` where a key is needed",
    hint: "write `key: value`, and check the indentation of this line and the next",
  },
  { says: /Tabs/, message: "The line is indented with a tab", hint: "indent with spaces: YAML does not take tabs" },
  {
    says: /Unexpected scalar at node end/,
    message: "Text follows a value that has ended",
    hint: "put the whole value in one pair of quotes, and check the indentation of this line",
  },
  { says: /flow-(map|seq)-end/, message: "A bracket closes nothing", hint: "take it away, or add the one that opens" },
  {
    says: /cannot start with/,
    message: "The value begins with a character that YAML keeps for itself",
    hint: "put the value in quotes",
  },
  { says: /escape sequence/, message: "The backslash begins no escape", hint: "double it, or use single quotes" },
];

export function explainSyntax(error: YAMLParseError, text: string): SyntaxExplanation {
  const [noticed] = error.pos;
  const offset = firstCharacter(text, noticed);
  const deeper = /Nested mappings/.test(error.message) ? lastLineOfKey(text, noticed) : undefined;
  if (deeper !== undefined) {
    return {
      message: "The line is indented further than the keys that it stands among",
      hint: sameIndent,
      offset: deeper,
    };
  }
  const known = explanations.find(({ says }) => says.test(error.message));
  return {
    message: known?.message ?? error.message.split(/ at line \d+/)[0]!.replace(/:$/, ""),
    hint: known?.hint ?? "check the indentation and the quotes of this line and the one before",
    offset,
  };
}

/** The first character of a line rather than the space before it. */
function firstCharacter(text: string, offset: number): number {
  const spaces = /[ \t]*/y;
  spaces.lastIndex = offset;
  const end = offset + spaces.exec(text)![0].length;
  return end < text.length && text[end] !== "\n" ? end : offset;
}

/** Where a plain text runs on over a line that was meant as a key: the beginning of that line. */
function lastLineOfKey(text: string, offset: number): number | undefined {
  const colon = text.slice(offset).search(/:(?:\s|$)/);
  const lineStart = text.lastIndexOf("\n", offset + colon) + 1;
  return colon !== -1 && lineStart > offset ? firstCharacter(text, lineStart) : undefined;
}
