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

test("parseCommit() gives no more of a commit's texts than is printed, escaped or not", () => {
  for (const piece of ["x", "\u0007", "\u202e", " ", "\n", "é", "\u{1f600}", "\\", '"']) {
    const long = piece.repeat(5_000_000 / piece.length);
    const { subject } = parse(`${head}\nfix ${long}`);
    assert.ok(subject.length <= 201, `${piece}: ${subject.length}`);
    const named = person.replace("Ann", `Ann ${piece === "\n" ? "x" : piece.repeat(50_000)}`).replace("ann@", "ann@x@");
    const { author } = parse(`tree ${tree}\nauthor ${named}\ncommitter ${person}\n\nfix`);
    assert.ok(author.name.length <= 101 && author.email.length <= 101, piece);
  }
});

test("parseCommit() reads a commit whose signatures are long", () => {
  const signed = `${head}gpgsig -----BEGIN\n${" xxxxxxxxxxxxxxx\n".repeat(100_000)} -----END\n\nfix`;
  assert.equal(parse(signed).subject, "fix");
});

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
