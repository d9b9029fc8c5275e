// The demo: a real Engine, a real git server and the built binary, with Mender 2.2 as its deployment.
//   npm run demo              plays it, judges it, removes everything
//   npm run demo -- --keep    leaves it running at the end, until Ctrl-C
import { parseArgs } from "node:util";
import { ACTS, type Play } from "./acts.ts";
import { startAgent } from "./agent.ts";
import { Screen } from "./screen.ts";
import { setStage, type Stage } from "./stage.ts";

const { values: { keep } } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const screen = new Screen();
// A Ctrl-C arrives from the terminal and again from npm's script: the second may not end the cleaning up of the first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.exit(await play() ? 0 : 1); // an act that was given up may still be waiting for something

async function play(): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  screen.begin("The stage", "A host, a repository, and nothing between them yet.");
  const passphrases = { first: "correct horse battery staple", second: "another tune on the same piano" };
  const stage = await setStage(stack, { passphrase: passphrases.first, say: (text) => screen.say(text) });
  const { engine: network, files: { binary, config } } = stage;
  const agent = stack.use(startAgent({ network, binary, config }, (text) => screen.journal(text)));
  for (const act of ACTS) {
    if (!await playAct(act, { stage, screen, agent, passphrases })) break;
  }
  const kept = screen.summarize();
  if (keep) await leaveRunning(stage);
  return kept;
}

/** @returns whether the act came to its end, with the agent alive */
async function playAct(act: (play: Play) => Promise<void>, play: Play): Promise<boolean> {
  const death = play.agent.ended.then((words) => {
    throw new Error(words);
  });
  try {
    await Promise.race([act(play), death]);
    return true;
  } catch (error) {
    const { message, cause } = error as Error;
    screen.check("the act comes to its end", cause instanceof Error ? `${message}: ${cause.message}` : message);
    return false;
  }
}

async function leaveRunning({ engine, repository, files }: Stage): Promise<never> {
  screen.begin(
    "It is yours until Ctrl-C",
    `containers   docker -H unix://${engine.socket} ps`,
    `ports        nsenter --net=${engine.netns} curl -k https://127.0.0.1/`,
    `repository   cd ${repository.clone}   edit, git commit -a, git push`,
    `agent        ${files.binary} status --config ${files.config}`,
  );
  return await new Promise<never>(() => setInterval(() => {}, 60_000));
}
