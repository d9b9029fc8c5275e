import assert from "node:assert/strict";
import { test } from "node:test";
import { readInput } from "../../src/cli/read-input.ts";

async function* endless(counted: { chunks: number }): AsyncGenerator<Uint8Array> {
  for (;; counted.chunks++) yield new Uint8Array(64 * 1024);
}

test("readInput() reads to the end, and an endless input only as far as anything could use it", async () => {
  const { signal } = new AbortController();
  const counted = { chunks: 0 };
  assert.ok((await readInput({ stdin: endless(counted), signal })).length > 512 * 1024);
  assert.ok(counted.chunks < 100);
  const two = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  const stdin = (async function* () {
    yield* two;
  })();
  assert.deepEqual([...await readInput({ stdin, signal })], [1, 2, 3]);
});

test("readInput() ends when the command is cancelled, whatever the other side does", async () => {
  const silent: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
  const cancelled = new AbortController();
  const reading = readInput({ stdin: silent, signal: cancelled.signal });
  cancelled.abort(new Error("enough"));
  await assert.rejects(reading, /enough/);
});
