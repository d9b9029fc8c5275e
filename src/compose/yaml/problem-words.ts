import { limits } from "../limits.ts";
import type { Problem } from "./token.ts";

/** What is wrong, and what to do about it. */
export interface Words {
  readonly message: string;
  readonly hint: string;
}

export const sameIndent = "give the keys of one mapping, and the items of one list, the same number of spaces";
const quoteIt = "put the value in quotes";

export const tabs: Words = {
  message: "The line is indented with a tab",
  hint: "indent with spaces: YAML does not take tabs",
};
export const textFollows: Words = {
  message: "Text follows a value that has ended",
  hint:
    "put the whole value in one pair of quotes (inside, double '' or write \\\"), and check the indentation of this line",
};
export const itemForKey: Words = {
  message: "A list item stands where a key is needed",
  hint: "indent it like the items before it, or put it below a key of its own",
};
export const keyForItem: Words = {
  message: "The line has no `- ` where a list item is needed",
  hint: "put `- ` before it, or indent it like the key that it belongs to",
};

export const lessThanItem: Words = {
  message: "The line is indented less than the key behind the `- ` that it stands beside",
  hint: "indent it like that key, or put `- ` before it if it begins the next item",
};
export const lessThanText: Words = {
  message: "The line is indented less than the first line of the text that it goes on with",
  hint: "indent all lines of a text behind `|` or `>` at least as far as its first one",
};
export const dashBeforeKey: Words = {
  message: "The line begins a list, and the lines below it go on with keys",
  hint: "take the `- ` away, or indent the lines below it like the key behind it",
};
export const colonAtEnd: Words = {
  message: "A value ends with `:`, which would begin a mapping",
  hint: "take the `:` at its end away, or put the value in quotes",
};
export const valuesFollow: Words = {
  message: "A comma and more follow a value that has ended",
  hint: "put several values in brackets: [a, b]",
};
export const aliasFollows: Words = {
  message: "Text follows an alias",
  hint: "write several aliases as a list: `<<: [*first, *second]`",
};
export const commaFollows: Words = {
  message: "A comma follows a value that has ended",
  hint: "take the comma away: outside of brackets nothing stands between one line and the next",
};
export const braceInBrackets: Words = {
  message: "A text inside brackets holds a `{` and is not quoted",
  hint: 'put the whole text in quotes: "${NAME}:80"',
};

/** For each problem; what is known of its surroundings may say more. */
export const words: Readonly<Record<Problem, Words>> = {
  "control character": {
    message: "The text holds a control character",
    hint: 'take it away, or write it as an escape in double quotes: "\\x1b"',
  },
  "no colon": {
    message: "The line has no `:` where a key is needed",
    hint: "write `key: value`, and check the indentation of this line and the next",
  },
  "item not allowed": {
    message: "A list item begins in the middle of a line",
    hint: "begin a line of its own with it, below its key; put a text that begins with `- ` in quotes",
  },
  "key not allowed": { message: "`? ` begins a key where none can stand", hint: quoteIt },
  "value not allowed": {
    message: "A value holds `: `, which would begin a mapping",
    hint: "take the space behind its `:` away, or put the value in quotes",
  },
  "no token": { message: "The value begins with a character that YAML keeps for itself", hint: quoteIt },
  directive: {
    message: "A line that begins with `%` is a directive, and this is none that YAML knows",
    hint: "take it away, or indent and quote it when it is text",
  },
  "directive version": {
    message: "Compose reads no other version of YAML than `%YAML 1.1`",
    hint: "take the line away: what else Compose files need of YAML 1.2 is read all the same",
  },
  "directive twice": { message: "The directive stands here a second time", hint: "take one of the two away" },
  "anchor name": {
    message: "`&` and `*` begin an anchor and an alias, whose names have only letters, digits, _ and -",
    hint: "put a text that begins with them in quotes, or rename the anchor",
  },
  tag: { message: "`!` begins a tag, and this is none", hint: "put a text that begins with ! in quotes" },
  "tag handle": {
    message: "The tag begins with a handle that no `%TAG` defines",
    hint: "take the tag away, or put a text that begins with ! in quotes",
  },
  "block scalar header": {
    message: "Behind `|` or `>` stands something else than `+`, `-`, one digit from 1 to 9 or a comment",
    hint: "begin the text in the next line, or put a value that begins with `|` or `>` in quotes",
  },
  "block scalar tab": tabs,
  "quote not closed": { message: "The quote is not closed", hint: "close it" },
  escape: { message: "The backslash begins no escape", hint: "double it, or use single quotes" },
  "escape code": {
    message: "The escape is no character",
    hint: "write \\x and 2, \\u and 4 or \\U and 8 hexadecimal digits, or double the backslash",
  },
  "plain tab": tabs,
  "document start": textFollows,
  "no content": { message: "A value is missing", hint: "write one, or take away what needs it" },
  depth: {
    message: `Nested more than ${limits.depth} levels deep`,
    hint: "write it flatter; Compose files rarely nest more than ten levels",
  },
  "no item": keyForItem,
  "no key": textFollows,
  "no comma": { message: "A comma is missing before this", hint: "put one between two items" },
};
