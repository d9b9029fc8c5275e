import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommit } from "../../../src/adapters/git/commit.ts";
import { HoldfastError } from "../../../src/model/error.ts";

const tip = { commit: "c".repeat(40), ref: "refs/heads/main" };
const tree = "a".repeat(40);
const other = "b".repeat(40);
const person = "Ann <ann@example.com> 1767225600 +0100";
const head = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n`;

function parse(text: string | Uint8Array) {
  return parseCommit({ type: "commit", bytes: Buffer.from(text) }, tip);
}

test("parseCommit() reads a commit", () => {
  assert.deepEqual(
    parse(`tree ${tree}\nparent ${other}\nparent ${other}\nauthor ${person}\ncommitter ${person}\n\nfix: it\n\nbody\n`),
    {
      ...tip,
      tree,
      subject: "fix: it",
      author: { name: "Ann", email: "ann@example.com" },
      committedAt: 1767225600,
    },
  );
});

test("parseCommit() reads Latin-1 where the commit says so", () => {
  assert.equal(parse(Buffer.from(`${head}encoding ISO-8859-1\n\nd\xe9j\xe0 vu`, "latin1")).subject, "déjà vu");
});

const odd = [
  { name: "no message", text: head, subject: "" },
  { name: "an empty message", text: `${head}\n`, subject: "" },
  { name: "empty lines in front", text: `${head}\n\n\nfix`, subject: "fix" },
  { name: "an encoding that nobody knows", text: `${head}encoding x-none\n\nfix`, subject: "fix" },
  { name: "bytes that are not UTF-8", text: Buffer.from(`${head}\nfix \xff`, "latin1"), subject: "fix \ufffd" },
  {
    name: "a terminal's sequences",
    text: `${head}\nfix\u001b]0;owned\u0007\u202e`,
    subject: "fix\\e]0;owned\\x07\\u{202e}",
  },
  { name: "a signature", text: `${head}gpgsig -----BEGIN\n x\n -----END\n\nfix`, subject: "fix" },
];
for (const { name, text, subject } of odd) {
  test(`parseCommit() reads a commit with ${name}`, () => assert.equal(parse(text).subject, subject));
}

const malformed = [
  { name: "without a tree", text: head.replace(/^.*\n/, "") },
  { name: "whose tree comes after the author", text: `author ${person}\ntree ${tree}\ncommitter ${person}\n\nx` },
  { name: "with two trees", text: `tree ${other}\n${head}\nx` },
  { name: "with two authors", text: `${head.replace("committer", `author ${person}\ncommitter`)}\nx` },
  { name: "without a time", text: head.replaceAll(" 1767225600 +0100", "") },
  { name: "with a time past all numbers", text: head.replaceAll("1767225600", "9".repeat(30)) },
  { name: "with a header in its message only", text: `\n${head}` },
  { name: "that is empty", text: "" },
];
for (const { name, text } of malformed) {
  test(`parseCommit() refuses a commit ${name}`, () => {
    assert.throws(() => parse(text), (error) => error instanceof HoldfastError && error.code === "SOURCE_UNSAFE");
  });
}
