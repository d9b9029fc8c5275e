import assert from "node:assert/strict";
import { test } from "node:test";
import { systemdSupervisor } from "../../../src/adapters/systemd/notify.ts";
import { until } from "../../support/until.ts";
import { notifyReceiver } from "./_receiver.ts";

const pid = process.pid;

function journal() {
  const lines: string[] = [];
  return { lines, log: { write: (level: string, text: string) => void lines.push(`${level} ${text}`) } };
}

test("systemdSupervisor() tells systemd of readiness, status, progress and the end, in this order", async () => {
  await using receiver = await notifyReceiver();
  const { log, lines } = journal();
  const env = { NOTIFY_SOCKET: receiver.socket, WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(pid) };
  const supervisor = systemdSupervisor({ env, pid, log });
  assert.equal(supervisor.watchdogMs, 30_000);
  supervisor.ready();
  supervisor.status("mender converged\nat 7a4de3c");
  supervisor.progress();
  await supervisor.stopping();
  const told = await until("all messages", () => receiver.messages().length === 2 && receiver.messages());
  assert.deepEqual(told, ["READY=1", "STATUS=mender converged at 7a4de3c WATCHDOG=1 STOPPING=1"]);
  assert.deepEqual(lines, []);
});

test("systemdSupervisor() feeds the watchdog no more than three times in its period", async () => {
  await using receiver = await notifyReceiver();
  const supervisor = systemdSupervisor({
    env: { NOTIFY_SOCKET: receiver.socket, WATCHDOG_USEC: "3600000000" },
    pid,
    log: journal().log,
  });
  for (let beats = 0; beats < 50; beats++) supervisor.progress();
  await supervisor.stopping();
  assert.equal(receiver.messages().filter((message) => message.includes("WATCHDOG=1")).length, 1);
});

for (
  const [name, env] of [
    ["nobody started", {}],
    ["systemd does not watch", { NOTIFY_SOCKET: "/run/x" }],
    ["systemd watches another process", { NOTIFY_SOCKET: "/run/x", WATCHDOG_USEC: "1000000", WATCHDOG_PID: "1" }],
  ] as const
) {
  test(`systemdSupervisor() of an agent that ${name} has no watchdog to feed`, async () => {
    const { log, lines } = journal();
    const supervisor = systemdSupervisor({ env, pid, log });
    assert.equal(supervisor.watchdogMs, undefined);
    supervisor.progress();
    if (!("NOTIFY_SOCKET" in env)) await supervisor.stopping();
    assert.deepEqual(lines, []);
  });
}

test("systemdSupervisor() goes on where systemd does not listen, and warns", async () => {
  const { log, lines } = journal();
  const supervisor = systemdSupervisor({ env: { NOTIFY_SOCKET: "/nonexistent/notify.sock" }, pid, log });
  supervisor.ready();
  await supervisor.stopping();
  assert.match(lines[0] ?? "", /^warning Cannot tell systemd READY=1: /);
});
