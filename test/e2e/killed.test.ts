import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { EngineCall } from "../support/counting-proxy.ts";
import { until } from "../support/until.ts";
import { composeFile, createHost, type Host, keyText } from "./host.ts";
import { allRun, apply, assertConverged, look, readInContainer, served, statusOf } from "./judge.ts";

const host = await createHost("killed");
after(() => host.dispose());
before(() => apply(host));

const { project } = host;
let revisions = 0;

/** A revision that replaces `api` and `web`, with another environment, page and key each time. */
async function pushNext(): Promise<string> {
  const number = `${++revisions}`;
  await host.push({
    "compose.yaml": composeFile(host).replace("GREETING: hello", `GREETING: hello ${number}`),
    "site/index.html": `page ${number}\n`,
    "keys.tar.gpg": await host.seal({ "api.key": `${keyText} ${number}` }),
  });
  return number;
}

const calls = [
  { act: "creates a successor", method: "POST", path: /^\/containers\/create/ },
  { act: "stops a predecessor", method: "POST", path: /^\/containers\/\w+\/stop/ },
  { act: "takes a predecessor's name", method: "POST", path: /\/rename\?name=[0-9a-f]{12}_/ },
  { act: "names a successor", method: "POST", path: new RegExp(`/rename\\?name=${project}-`) },
  { act: "starts a successor", method: "POST", path: /^\/containers\/\w+\/start/ },
  { act: "removes a predecessor", method: "DELETE", path: /^\/containers\/\w+/ },
];

for (const { act, method, path } of calls) {
  for (const moment of ["before the Engine hears of it", "while the Engine does it"] as const) {
    test(`SIGKILL when it ${act}, ${moment}: the next pass converges, and nothing is left over`, async () => {
      const number = await pushNext();
      await killAt(host, (call) => call.method === method && path.test(call.path), moment);
      await apply(host);
      const scene = await look(host); // one container a service, called as it should be
      assert.deepEqual(statusOf(scene), allRun);
      assert.equal(scene.get("api")!.Config.Env.includes(`GREETING=hello ${number}`), true);
      assert.equal(await served(host), `page ${number}\n`);
      assert.equal(await readInContainer(host, scene.get("api")!.Id, "/run/api.key"), `${keyText} ${number}`);
    });
  }
}

test("plan is empty after all of that", () => assertConverged(host));

test("an agent that is killed at each changing call of a first deployment gets there all the same", async () => {
  await using other = await createHost("reborn");
  let lives = 0;
  for (let done = false; !done; lives++) {
    other.proxy.calls.length = 0;
    const agent = other.start();
    let killed = false;
    other.proxy.intercept(() => {
      if (other.proxy.changingCalls().length < 2 && !killed) return undefined;
      killed = true;
      agent.kill("SIGKILL");
      return "cut";
    });
    const converged = agent.line(/converged at/).then(() => true, () => false);
    done = await Promise.race([converged, agent.ended.then(() => false)]);
    other.proxy.intercept(undefined);
    await agent.dispose();
    assert.equal(lives < 30, true, "it never got there");
  }
  assert.equal(lives > 4, true, `it was killed only ${lives - 1} times`);
  assert.deepEqual([statusOf(await look(other)), await served(other)], [allRun, "first\n"]);
  await assertConverged(other);
});

/** Runs the service until a call is made, and kills it there. */
async function killAt(
  { proxy, start }: Host,
  isMeant: (call: EngineCall) => boolean,
  moment: "before the Engine hears of it" | "while the Engine does it",
): Promise<void> {
  let killed = false;
  const agent = start();
  proxy.intercept((call) => {
    if (!isMeant(call) || killed) return killed ? "cut" : undefined;
    killed = true;
    if (moment === "before the Engine hears of it") {
      agent.kill("SIGKILL");
      return "cut";
    }
    setTimeout(() => agent.kill("SIGKILL"), 20);
    return undefined;
  });
  const end = await Promise.race([agent.ended, until("the agent to die", () => undefined, 60_000)]);
  proxy.intercept(undefined);
  assert.equal(end, "SIGKILL");
}
