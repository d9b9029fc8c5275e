import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigOptions } from "../../src/agent/application.ts";
import { printConfig } from "../../src/agent/print-config.ts";
import type { RevisionFile } from "../../src/model/files.ts";
import type { FolderReader } from "../../src/ports/folder-reader.ts";

const at = (path: string) => `/srv/${path}`;

const files: Readonly<Record<string, string>> = {
  "plain/compose.yaml": 'services: { web: { image: "web:${TAG:-1}" } }\n',
  "plain/more.yaml": "services: { web: { hostname: more } }\n",
  "plain/below/tag.env": "TAG=2\n",
  "plain/empty.env": "",
  "plain/managed/holdfast.yaml": "project: managed\n",
  "plain/managed/compose.yml": "services: { own: { image: own } }\n",
  "plain/unfinished/holdfast.yaml": "project: unfinished\n",
};

/** A disk with these files below /srv and no repository. */
const reader: FolderReader = {
  read: (root) => {
    const prefix = root === "/" ? root : `${root}/`;
    const below = Object.entries(files).filter(([path]) => at(path).startsWith(prefix));
    return Promise.resolve(
      new Map(below.map(([path, text]): [string, RevisionFile] => [
        at(path).slice(prefix.length),
        { mode: "file", oid: path, bytes: new TextEncoder().encode(text) },
      ])),
    );
  },
  findRoot: (folder) => Promise.resolve(folder),
  resolve: (path) => Promise.resolve(path),
};

const none = { files: [], profiles: [], envFiles: [], environment: {}, format: "json" } as const;

async function images(options: Partial<ConfigOptions>): Promise<unknown> {
  const result = await printConfig({ ...none, folder: at("plain"), ...options }, reader);
  if (result.kind !== "model") return result.kind === "issues" ? result.issues.map(({ code }) => code) : result;
  const { services } = JSON.parse(result.text) as { services: Record<string, { image: string }> };
  return Object.values(services).map(({ image }) => image);
}

test("printConfig() finds the Compose file above the folder, as Compose does", async () => {
  assert.deepEqual(await images({ folder: at("plain/below") }), ["web:1"]);
});

test("printConfig() takes named files and env files wherever they lie", async () => {
  const elsewhere = { files: [at("plain/compose.yaml"), at("plain/more.yaml")], envFiles: [at("plain/below/tag.env")] };
  assert.deepEqual(await images({ folder: at("plain/managed"), ...elsewhere }), ["web:2"]);
  await assert.rejects(images({ ...elsewhere, root: at("plain/below") }), { code: "USAGE", hint: /--root/ });
});

test("printConfig() does not look above a folder that has a manifest", async () => {
  assert.deepEqual(await images({ folder: at("plain/managed") }), ["own"]);
  assert.deepEqual(await images({ folder: at("plain/unfinished") }), ["MANIFEST_NO_COMPOSE"]);
});

test("printConfig() explains one path, and refuses one that the model lacks", async () => {
  const explained = await printConfig({ ...none, folder: at("plain"), explain: "service.web.image" }, reader);
  assert.ok(explained.kind === "explanation");
  assert.deepEqual(explained.explanation.steps.map(({ position }) => position.line), [1]);
  await assert.rejects(images({ explain: "service.web.imgae" }), {
    code: "USAGE",
    hint: 'did you mean "services.web.image"?',
  });
});

test("printConfig() takes standard input as a file of the working directory, or of the first file's folder", async () => {
  const input = new TextEncoder().encode('services: { in: { image: in, build: here, hostname: "${PWD}" } }\n');
  const model = async (files: readonly string[]) => {
    const result = await printConfig({ ...none, folder: at("plain"), files, input }, reader);
    assert.ok(result.kind === "model");
    return JSON.parse(result.text);
  };
  const alone = await model(["-"]);
  assert.deepEqual([alone.name, alone.services.in.build.context], ["plain", at("plain/here")]);
  assert.equal(alone.services.in.hostname, at("plain"));
  const after = await model(["-", at("plain/managed/compose.yml")]);
  assert.deepEqual(Object.keys(after.services), ["in", "own"]);
  assert.deepEqual([after.name, after.services.in.build.context], ["managed", at("plain/managed/here")]);
});

test("printConfig() names standard input where its lines are wrong", async () => {
  const text = "services:\n  in: { imag: in }\n";
  const result = await printConfig(
    { ...none, folder: at("plain"), files: ["-"], input: new TextEncoder().encode(text) },
    reader,
  );
  assert.ok(result.kind === "issues");
  assert.deepEqual(result.issues[0]?.position, { file: "<stdin>", line: 2, column: 9 });
  assert.equal(result.sources.get("<stdin>"), text);
});

test("printConfig() reads the env files that COMPOSE_ENV_FILES of its variables names, unless flags name others", async () => {
  const environment = { COMPOSE_ENV_FILES: "below/tag.env" };
  assert.deepEqual(await images({ environment }), ["web:2"]);
  assert.deepEqual(await images({ environment, files: [at("plain/compose.yaml")] }), ["web:2"]);
  assert.deepEqual(await images({ environment, envFiles: [at("plain/empty.env")] }), ["web:1"]);
});

test("printConfig() takes /dev/null for an empty file, outside the repository as it is", async () => {
  const named = { files: [at("plain/compose.yaml"), "/dev/null"], envFiles: ["/dev/null"] };
  assert.deepEqual(await images(named), ["web:1"]);
  assert.deepEqual(await images({ ...named, root: at("plain") }), ["web:1"]);
});
