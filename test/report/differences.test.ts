import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cause } from "../../src/plan/cause.ts";
import { describeField, differenceLines } from "../../src/report/differences.ts";

const position = { file: "compose.yaml", line: 4, column: 7 };
const cases: readonly (readonly [
  Cause["kind"],
  { field: string; want: string; have: string; position?: typeof position },
  string,
])[] = [
  ["changed", { field: "image", want: "web:2", have: "web:1" }, 'image "web:1" → "web:2"'],
  ["changed", { field: "environment A", want: "1", have: "", position }, "environment A added: 1 (compose.yaml:4)"],
  ["changed", { field: "environment A", want: "", have: "x" }, 'environment A removed: "x"'],
  [
    "changed",
    { field: "file /etc/web.conf", want: "as in git", have: "created from other bytes" },
    "file /etc/web.conf changed in git",
  ],
  [
    "drifted",
    { field: "memory limit", want: "", have: "536870912" },
    "memory limit 536870912 (512 MiB) on the host, none in git",
  ],
  [
    "drifted",
    { field: "memory limit", want: "1610612736", have: "" },
    "memory limit none on the host, 1610612736 (1.5 GiB) in git",
  ],
  ["drifted", { field: "pids limit", want: "4096", have: "100" }, "pids limit 100 on the host, 4096 in git"],
  ["drifted", { field: "content", want: "as in git", have: "edited on the host" }, "content edited on the host"],
  ["drifted", { field: "state", want: "running", have: "paused on the host" }, "paused on the host"],
  ["drifted", { field: "state", want: "stopped", have: "running" }, "running on the host, stopped in git"],
  [
    "drifted",
    { field: "environment KEY", want: "‹1a2b3c4d›", have: "‹00ff00ff›" },
    "environment KEY ‹00ff00ff› on the host, ‹1a2b3c4d› in git",
  ],
  [
    "drifted",
    { field: "command", want: 'say "hi"\n', have: "" },
    'command none on the host, "say \\"hi\\"\\n" in git',
  ],
];
for (const [kind, field, text] of cases) {
  test(`describeField() says ${text}`, () => assert.equal(describeField(kind, field), text));
}

test("differenceLines() does not say of a predecessor that somebody stopped it on the host", () => {
  const fields = [{ field: "state", want: "running", have: "stopped on the host at 03:12:05 (exit 0)" }];
  const difference = { resource: "service/web", cause: { kind: "changed", fields }, action: "rename, start" } as const;
  const texts = (actions: boolean) => differenceLines([difference], { actions }).map(({ text }) => text.trim());
  assert.deepEqual(texts(false), ["~ service/web  changed  rename, start"]);
  assert.deepEqual(texts(true), ["~ service/web  changed  rename, start"]);
  const drifted = { ...difference, cause: { kind: "drifted", fields } } as const;
  assert.match(differenceLines([drifted], { actions: false })[0]!.text, /stopped on the host/);
});

test("describeField() shortens what no line can hold", () => {
  const text = describeField("changed", { field: "command", want: "x".repeat(1000), have: "y" });
  assert.ok(text.length < 320, text);
  assert.ok(text.endsWith("and 760 characters more"), text);
});
