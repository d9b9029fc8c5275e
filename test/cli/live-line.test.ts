import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveLine } from "../../src/cli/live-line.ts";

function terminal(isTTY: boolean, columns = 40) {
  const written: string[] = [];
  return { written, line: new LiveLine({ isTTY, columns, write: (text: string) => written.push(text) }) };
}

test("LiveLine draws what is under way over itself, and nothing twice", () => {
  const { line, written } = terminal(true);
  line.show(["image.pull nginx:1"]);
  line.show(["image.pull nginx:1"]);
  line.show([]);
  assert.deepEqual(written, ["\r\u001b[K… image.pull nginx:1", "\r\u001b[K"]);
});

test("LiveLine keeps written lines above the live one", () => {
  const { line, written } = terminal(true);
  line.show(["start web"]);
  line.write("web  converged\n");
  assert.equal(written.at(-1), "\r\u001b[Kweb  converged\n… start web");
});

test("LiveLine never wraps, and shows no control characters", () => {
  const { line, written } = terminal(true, 20);
  line.show(["a very long\u001b[31m image name that does not fit"]);
  assert.equal(written[0]?.slice("\r\u001b[K".length).length, 19);
  assert.equal(written[0]?.includes("\u001b[31m"), false);
});

test("LiveLine is silent where nobody sees it", () => {
  const { line, written } = terminal(false);
  line.show(["start web"]);
  line.write("text\n");
  assert.deepEqual(written, ["text\n"]);
});
