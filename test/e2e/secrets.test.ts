import assert from "node:assert/strict";
import { readdirSync, readFileSync, realpathSync, statfsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { composeFile, createHost, type Host, manifest } from "./host.ts";
import { apply, look } from "./judge.ts";

const host = await createHost("secrets");
after(() => host.dispose());

const marker = "zq7-marker-of-the-key-file-4471";
const phrase = "zq7 passphrase that opens it all";
const secrets = [marker, phrase, marker.split("").reverse().join("")];
const TMPFS = 0x01021994; // linux/magic.h

/** Where the agent and the Engine may have put what they were told, by name. */
type Places = Map<string, string>;

const written: Places = new Map();

/** Runs a command with debug logs, and keeps what it wrote. */
async function keep(name: string, command: string, ...args: string[]): Promise<number | null> {
  const { code, stdout, stderr } = await host.holdfast(command, ...args, "--log-level", "debug");
  written.set(`stdout of ${name}`, stdout).set(`stderr of ${name}`, stderr);
  return code;
}

/** Containers, images, networks and volumes as the Engine tells them, with every label and environment. */
async function told({ engine: { docker }, project }: Host): Promise<string> {
  const { Volumes } = await docker.listVolumes();
  return JSON.stringify([
    [...await look(host)],
    await docker.listNetworks(),
    Volumes.filter(({ Name }) => Name.startsWith(project)),
    await docker.listImages(),
  ]);
}

function filesBelow(folder: string): Places {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const own = paths.filter((path) => realpathSync(path) === path); // the checkout's link leads to tmpfs
  return new Map(own.map((path) => [path, readFileSync(path, "latin1")]));
}

/** In plain, base64 and hex: what a log of bytes would show. */
function leaks(places: Places, wanted: readonly string[]): string[] {
  const forms = wanted.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret).toString("base64").slice(0, -4),
  ]);
  return [...places].filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

test("key bytes and the passphrase are nowhere but on tmpfs and in the containers that bind them", async () => {
  await writeFile(host.files.passphrase, `${phrase}\n`);
  await host.push({
    "compose.yaml": composeFile(host).replace("GREETING: hello", "GREETING: hello\n      STORAGE: ${STORAGE_KEY}"),
    "holdfast.yaml": `${manifest(host)}environment: { STORAGE_KEY: { key: storage.key } }\n`,
    "keys.tar.gpg": await host.seal({ "api.key": marker, "storage.key": `${secrets[2]}\n` }, phrase),
  });
  assert.equal(await keep("plan", "plan"), 2);
  assert.equal(await keep("the first apply", "apply"), 0);

  const first = await look(host);
  await host.engine.docker.getContainer(first.get("api")!.Id).remove({ force: true });
  assert.equal(await keep("plan of drift", "plan", "--format", "json"), 2);
  assert.equal(await keep("apply of drift", "apply", "--format", "json", "--log-format", "json"), 0);

  await host.push({ "compose.yaml": composeFile(host).replace("GREETING: hello", "STORAGE: ${STORAGE_KEY}x") });
  assert.equal(await keep("plan of a change", "plan"), 2);
  await host.push({ "compose.yaml": composeFile(host).replace("image: ", "image: 127.0.0.1:9/") });
  assert.equal(await keep("a pass that fails", "apply"), 1);
  await host.push({
    "compose.yaml": composeFile(host).replace(
      "mem_limit: 64m",
      'mem_limit: "${STORAGE_KEY}"\n    command: ["${STORAGE_KEY}"]',
    )
      .replace('ports: ["', 'ports: ["${STORAGE_KEY}:1", "'),
  });
  assert.equal(await keep("a revision with keys in the wrong places", "apply"), 3);
  await host.push({
    "compose.yaml": composeFile(host).replace("GREETING: hello", 'GREETING: hello\n    command: ["${STORAGE_KEY}"]'),
  });
  assert.equal(await keep("a program that is called like a key", "apply"), 3);
  await writeFile(host.files.passphrase, `${phrase} wrong\n`);
  assert.equal(await keep("a pass with a wrong passphrase", "apply"), 1);
  await writeFile(host.files.passphrase, `${phrase}\n`);
  await keep("status", "status", "--format", "json");

  // What an operator puts into a container's environment is visible to whoever may ask the Engine, and nowhere else.
  const [inEnvironment] = secrets.slice(2);
  const engine: Places = new Map([["the Engine", (await told(host)).replaceAll(`STORAGE=${inEnvironment}`, "")]]);
  assert.deepEqual(leaks(written, secrets), []);
  assert.deepEqual(leaks(filesBelow(host.folders.state), secrets), []);
  assert.deepEqual(leaks(engine, secrets), []);
});

test("the search finds what is there to be found: keys on tmpfs, and a key that somebody planted", async () => {
  assert.deepEqual(leaks(filesBelow(host.folders.runtime), secrets).length, 2);
  await writeFile(
    join(host.folders.state, "planted"),
    `-----BEGIN KEY-----\n${Buffer.from(marker).toString("base64")}\n`,
  );
  assert.deepEqual(leaks(filesBelow(host.folders.state), secrets), [join(host.folders.state, "planted")]);
  assert.deepEqual(leaks(new Map([["a label", JSON.stringify({ note: `x${phrase}x` })]]), secrets), ["a label"]);
  assert.match(await told(host), new RegExp(secrets[2]!));
});

test("the keys lie on tmpfs, below a folder that only root may enter", () => {
  const files = [...filesBelow(host.folders.runtime).keys()];
  assert.deepEqual(files.map((file) => statfsSync(file).type), files.map(() => TMPFS));
  assert.equal(statSync(join(host.folders.runtime, "demo/keys")).mode & 0o777, 0o700);
});

test("a masked value tells that it changed, and not to what", async () => {
  await host.push({
    "compose.yaml": composeFile(host).replace("GREETING: hello", "GREETING: hello\n      API_TOKEN: zq7-first-token-1"),
  });
  await apply(host);
  await host.push({
    "compose.yaml": composeFile(host).replace("GREETING: hello", "GREETING: hello\n      API_TOKEN: zq7-second-token"),
  });
  for (const format of ["text", "json"]) {
    const { stdout } = await host.holdfast("plan", "--format", format);
    assert.match(stdout, /environment API_TOKEN/);
    assert.doesNotMatch(stdout, /zq7-(first|second)-token/);
  }
});
