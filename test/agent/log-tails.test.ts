import assert from "node:assert/strict";
import { test } from "node:test";
import { logMask, readLogTail } from "../../src/agent/log-tails.ts";
import { HoldfastError } from "../../src/model/error.ts";
import { desiredWorld } from "../support/world.ts";

const calm = new AbortController().signal;

test("logMask() takes out keys, their lines and values, and what the environment names as secret", () => {
  const desired = desiredWorld({
    services: { web: { environment: { DB_PASSWORD: "s3cr3t-pw", MODE: "production" } } },
  });
  const file = (path: string, text: string) => {
    return { path, mode: 0o600, uid: 0, gid: 0, bytes: new TextEncoder().encode(text) };
  };
  const files = [file("db.env", "A=first-value\nB: 'second-value'\n"), file("token", "plain-token\n")];
  const mask = logMask({ desired, keys: { into: "keys", files, facts: new Map() } });
  assert.equal(
    mask("first-value second-value plain-token s3cr3t-pw production"),
    "‹key db.env› ‹key db.env› ‹key token› ‹DB_PASSWORD› production",
  );
});

test("readLogTail() says where a log is not kept, and never throws", async () => {
  const refusing = (message: string) => ({
    tailLog: () => Promise.reject(new HoldfastError("ENGINE_CALL", message, { retry: "backoff", hint: "" })),
  });
  const read = (message: string) => readLogTail(refusing(message), { id: "x", mask: (text) => text }, calm);
  const { lines, note } = await read(
    "Cannot read the log: configured logging driver does not support reading (HTTP 501)",
  );
  assert.deepEqual(lines, []);
  assert.match(note ?? "", /logging driver keeps nothing/);
  assert.match((await read("Cannot read the log: gone")).note ?? "", /gone/);
});
