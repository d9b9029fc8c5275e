import assert from "node:assert/strict";
import { test } from "node:test";
import { describeExit, exitHint, logHint } from "../../src/model/exit.ts";
import type { ContainerState } from "../../src/model/observed.ts";

function exited(state: Partial<ContainerState>): ContainerState {
  return {
    status: "exited",
    health: "none",
    exitCode: 0,
    oomKilled: false,
    error: "",
    startedAt: "",
    finishedAt: "",
    restartCount: 0,
    ...state,
  };
}

const cases: readonly (readonly [Partial<ContainerState>, RegExp, RegExp?])[] = [
  [{ exitCode: 3 }, /^exited with 3$/],
  [{ exitCode: 137, oomKilled: true }, /137 \(out of memory: /, /memory limit in git/],
  [{ exitCode: 1, oomKilled: true }, /1 \(out of memory: /, /memory limit in git/],
  [{ exitCode: 137 }, /137 \(killed by SIGKILL and not for memory of its own/, /docker events/],
  [{ exitCode: 139 }, /SIGSEGV/],
  [{ exitCode: 143 }, /SIGTERM/],
  [{ exitCode: 126 }, /cannot be executed/, /executable/],
  [{ exitCode: 127 }, /was not found/, /command and entrypoint/],
  [{ exitCode: 125 }, /Engine could not start it/, /journalctl -u docker/],
  [{ exitCode: 128, error: "unable to find\n user x" }, /could not start it\): unable to find user x$/],
];
for (const [state, says, hint] of cases) {
  test(`describeExit() tells what ${JSON.stringify(state)} means`, () => {
    assert.match(describeExit(exited(state)), says);
    if (hint) assert.match(exitHint(exited(state)) ?? "", hint);
    else assert.equal(exitHint(exited(state)), undefined);
  });
}

test("logHint() knows a missing interpreter and a foreign architecture from the last words", () => {
  assert.match(logHint(["exec /entry.sh: no such file or directory"]) ?? "", /interpreter/);
  assert.match(logHint(["exec /bin/web: exec format error"]) ?? "", /architecture/);
  assert.equal(logHint(["open /etc/app.conf: no such file or directory"]), undefined);
});
