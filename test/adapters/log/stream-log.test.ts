import assert from "node:assert/strict";
import { test } from "node:test";
import { streamLog, type StreamLogOptions } from "../../../src/adapters/log/stream-log.ts";

const now = () => new Date("2026-01-02T03:04:05Z");

function written(options: Partial<StreamLogOptions>, use: (log: ReturnType<typeof streamLog>) => void): string {
  const parts: string[] = [];
  const stream = { write: (text: string) => parts.push(text) };
  use(streamLog({ stream, format: "text", level: "info", journal: false, now, ...options }));
  return parts.join("");
}

test("streamLog() puts the deployment in front of the text", () => {
  const text = written(
    {},
    (log) => log.write("info", "  ~ service/web", { deployment: "mender", event: "difference" }),
  );
  assert.equal(text, "mender    ~ service/web\n");
});

test("streamLog() leaves out what is below its level", () => {
  const text = written({ level: "notice" }, (log) => {
    log.write("debug", "a");
    log.write("info", "b");
    log.write("notice", "c");
    log.write("error", "d");
  });
  assert.equal(text, "c\nd\n");
});

test("streamLog() gives journald each priority", () => {
  const text = written({ level: "debug", journal: true }, (log) => {
    for (const level of ["debug", "info", "notice", "warning", "error"] as const) log.write(level, level);
  });
  assert.equal(text, "<7>debug\n<6>info\n<5>notice\n<4>warning\n<3>error\n");
});

test("streamLog() writes one line per entry, so that nobody can forge a second or its priority", () => {
  const text = written(
    { journal: true },
    (log) => log.write("info", 'commit "x\n<0>panic\u001b[2J"', { deployment: "a\nb" }),
  );
  assert.equal(text, '<6>a\\nb  commit "x\\n<0>panic\\e[2J"\n');
});

test("streamLog() writes JSON with time, level and message first, and no field in their place", () => {
  const fields = { deployment: "web", message: "forged", missing: undefined, count: 2 };
  const text = written({ format: "json" }, (log) => log.write("warning", "  two\nlines \u009b", fields));
  assert.equal(text.split("\n").length, 2);
  assert.deepEqual(Object.entries(JSON.parse(text)), [
    ["time", "2026-01-02T03:04:05.000Z"],
    ["level", "warning"],
    ["message", "two\\nlines \\x9b"],
    ["deployment", "web"],
    ["count", 2],
  ]);
});

test("streamLog() paints the text form only", () => {
  const paint = ({ text }: { readonly text: string }) => `[${text}]`;
  assert.equal(written({ paint }, (log) => log.write("info", "x")), "[x]\n");
  assert.equal(JSON.parse(written({ paint, format: "json" }, (log) => log.write("info", "x"))).message, "x");
});
