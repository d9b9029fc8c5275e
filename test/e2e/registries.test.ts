import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { dockerRegistry, registryLogin } from "../support/docker-registry.ts";
import { composeFile, createHost } from "./host.ts";
import { allRun, apply, look, statusOf } from "./judge.ts";

const host = await createHost("registries");
const registry = await dockerRegistry(host.engine);
after(async () => {
  await host.dispose();
  await registry.dispose();
});

const files = {
  username: join(host.files.config, "../registry.user"),
  password: join(host.files.config, "../registry.password"),
};

async function configure(name: string): Promise<void> {
  const { username, password } = files;
  await host.configure({
    registries: `[{ host: "${name}", usernameFile: "${username}", passwordFile: "${password}" }]`,
  });
}

test("an image is pulled with the credentials of its registry, which are read anew for each pull", async () => {
  const image = await registry.push("team/web:1");
  const apiNow = async () => (await look(host)).get("api")?.Config.Image;
  await host.push({ "compose.yaml": composeFile(host).replace(`${host.project}/sleeper:1`, image) });
  await writeFile(files.username, `${registryLogin.username}\n`);

  const failure = async (words: RegExp) => {
    const { code, stdout, stderr } = await host.holdfast("apply");
    assert.equal(code, 1);
    assert.match(stdout + stderr, words);
    assert.ok(!(stdout + stderr).includes(registryLogin.password));
    assert.equal(await apiNow(), undefined);
  };
  await configure("registry.example.com");
  await failure(/Cannot pull ".*team\/web:1".*auth.* \(IMAGE_PULL\)[\s\S]*hint: .*engine\.registries/);
  await configure(registry.host);
  await failure(/Cannot read ".*registry\.password" \(engine\.registries, ".*", passwordFile\): there is no such file/);
  await writeFile(files.password, "\n");
  await failure(/Cannot use ".*registry\.password" .*: it is empty \(CONFIG_READ\)\ndemo +hint: write/);
  await writeFile(files.password, "another password\n");
  await failure(/Cannot pull ".*team\/web:1".*unauthorized[\s\S]*hint: .*engine\.registries/);

  await using agent = host.start();
  await agent.line(/IMAGE_PULL/);
  await writeFile(files.password, `${registryLogin.password}\n`);
  await agent.line(/converged at/);
  assert.equal(await apiNow(), image);
  assert.deepEqual(statusOf(await look(host)), allRun);
  assert.ok(!agent.journal.join("\n").includes(registryLogin.password));
  assert.ok(!host.proxy.calls.some(({ path }) => path.includes("robot")));
});

test("no credentials are needed for an image that is here", async () => {
  await rm(files.password);
  await apply(host);
  await host.engine.docker.getContainer((await look(host)).get("api")!.Id).remove({ force: true });
  await apply(host);
  assert.deepEqual(statusOf(await look(host)), allRun);
});
