import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { privateEngine } from "../support/private-engine.ts";
import { composeFile, createHost } from "./host.ts";
import { allRun, apply, assertConverged, look, served, statusOf } from "./judge.ts";

const engine = await privateEngine("gone");
const host = await createHost("gone", engine);
after(async () => {
  await host.dispose();
  await engine.dispose();
});
before(() => apply(host));

const { project } = host;
let revisions = 0;

const calls = [
  { act: "creates a successor", path: /^\/containers\/create/ },
  { act: "stops a predecessor", path: /^\/containers\/\w+\/stop/ },
  { act: "names a successor", path: new RegExp(`/rename\\?name=${project}-`) },
  { act: "starts a successor", path: /^\/containers\/\w+\/start/ },
];

for (const { act, path } of calls) {
  test(`an Engine that crashes when holdfast ${act} holds nothing: the revision is applied once it is back`, async () => {
    const page = `page ${++revisions}\n`;
    const compose = composeFile(host).replace("GREETING: hello", `GREETING: hello ${revisions}`);
    const commit = await host.push({ "compose.yaml": compose, "site/index.html": page });
    await using agent = host.start();
    await crashAt(path);
    await agent.line(/ENGINE_(UNREACHABLE|CALL)/);
    await engine.start();
    await agent.line(new RegExp(`converged at ${commit.slice(0, 7)}`));
    assert.deepEqual(agent.journal.filter((line) => /INTERNAL|\bheld\b/.test(line)), []);
    const scene = await look(host); // one container a service, called as it should be
    assert.deepEqual([statusOf(scene), await served(host)], [allRun, page]);
    await agent.dispose();
    await assertConverged(host);
  });
}

/** Resolves when the Engine was killed with that call under way. */
function crashAt(path: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let crashed = false;
    host.proxy.intercept((call) => {
      if (crashed || call.method !== "POST" || !path.test(call.path)) return undefined;
      crashed = true;
      host.proxy.intercept(undefined);
      engine.crash().then(resolve, reject);
      return undefined;
    });
  });
}
