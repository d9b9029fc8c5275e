import assert from "node:assert/strict";
import { copyFileSync, cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { findRepositoryRoot, folderFiles } from "../../src/adapters/disk/folder-files.ts";
import { checkFolder } from "../../src/agent/check.ts";
import { printConfig } from "../../src/agent/print-config.ts";
import type { FolderReader } from "../../src/ports/folder-reader.ts";
import { tempFolder } from "../support/temp.ts";
import { EXAMPLE_CASES, type ExampleCase } from "./cases.ts";

const work = tempFolder("examples");
after(() => work.dispose());

const reader: FolderReader = {
  read: folderFiles,
  findRoot: findRepositoryRoot,
  resolve: (path) => Promise.resolve(path),
};

/** The day on which the waivers are judged. */
const now = new Date("2026-12-01T00:00:00Z");

for (const example of EXAMPLE_CASES) {
  const root = join(work.path, example.name);
  const deployment = { folder: join(root, example.path), root };

  test(`example ${example.name}: its manifest gives the model that Docker Compose makes of its files`, async () => {
    copyExample(example, root);
    const options = { ...deployment, files: [], profiles: [], envFiles: [], environment: {}, format: "json" } as const;
    const result = await printConfig(options, reader);
    assert.equal(result.kind, "model", JSON.stringify(result.kind === "issues" && result.issues, null, 2));
    const model = JSON.parse((result.kind === "model" ? result.text : "").replaceAll(root, "${DIR}"));
    assert.deepEqual(model, readExpected(example).model);
  });

  test(`example ${example.name}: no issue, and nothing that a policy denies or warns of`, async () => {
    copyExample(example, root);
    const { issues, verdicts } = await checkFolder(deployment, reader, now);
    assert.deepEqual(issues, []);
    const open = verdicts.filter(({ outcome }) => outcome === "denied" || outcome === "warned");
    assert.deepEqual(open.map(({ policy, resource, message }) => `${policy} ${resource}: ${message}`), []);
  });
}

function copyExample({ folder, copies }: ExampleCase, to: string): void {
  cpSync(folder, to, { recursive: true });
  for (const [from, name] of Object.entries(copies)) copyFileSync(join(to, from), join(to, name));
}

function readExpected({ name }: ExampleCase): { readonly model: unknown } {
  return JSON.parse(readFileSync(new URL(`./expected/${name}.json`, import.meta.url), "utf8"));
}
