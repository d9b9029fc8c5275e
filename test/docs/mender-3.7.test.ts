import assert from "node:assert/strict";
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { findRepositoryRoot, folderFiles } from "../../src/adapters/disk/folder-files.ts";
import { checkFolder } from "../../src/agent/check.ts";
import { printConfig } from "../../src/agent/print-config.ts";
import type { FolderReader } from "../../src/ports/folder-reader.ts";
import { tempFolder } from "../support/temp.ts";

/** The public Compose files of Mender 3.7; beside the repository, not in it. */
const upstream = fileURLToPath(new URL("../../../shared/data/mender-3.7.11", import.meta.url));
const example = fileURLToPath(new URL("../../examples/mender-3.7", import.meta.url));
const now = new Date("2026-12-01T00:00:00Z");

const reader: FolderReader = {
  read: folderFiles,
  findRoot: findRepositoryRoot,
  resolve: (path) => Promise.resolve(path),
};

if (!existsSync(upstream)) {
  test("examples/mender-3.7", (context) => context.diagnostic(`optional: ${upstream} is not on this machine`));
} else {
  const work = tempFolder("mender-3.7");
  after(() => work.dispose());

  for (const edition of ["open-source", "enterprise"] as const) {
    test(`examples/mender-3.7 (${edition}) takes the Engine's socket from the gateway, and nothing else`, async () => {
      const root = installation(join(work.path, edition), edition);
      const before = await gatewayMounts(root, "without-overlay");
      const mounts = await gatewayMounts(root, "production");
      assert.deepEqual(before.filter((mount) => mount.includes("docker.sock")).length, 1);
      assert.deepEqual(mounts, before.filter((mount) => !mount.includes("docker.sock")));
    });

    test(`examples/mender-3.7 (${edition}) has what engine-socket denies upstream's files for`, async () => {
      const root = installation(join(work.path, `${edition}-checked`), edition);
      assert.deepEqual(await errorsAndDenials(root, "without-overlay"), ["engine-socket"]);
      assert.deepEqual(await errorsAndDenials(root, "production"), []);
    });
  }
}

/** Upstream's files with the example's, the template filled in; `without-overlay` has the manifest without the overlay. */
function installation(root: string, edition: "open-source" | "enterprise"): string {
  cpSync(upstream, root, { recursive: true });
  cpSync(example, root, { recursive: true });
  const config = join(root, "production/config");
  writeFileSync(join(config, "prod.yml"), filledIn(readFileSync(join(config, "prod.yml.template"), "utf8")));
  if (edition === "enterprise") copyFileSync(join(config, "enterprise.yml.template"), join(config, "enterprise.yml"));
  cpSync(join(root, "production"), join(root, "without-overlay"), { recursive: true });
  const manifest = readFileSync(join(root, "production/holdfast.yaml"), "utf8");
  assert.ok(manifest.includes("docker-compose.gateway.yml"));
  const without = manifest.split("\n").filter((line) => !line.includes("docker-compose.gateway.yml")).join("\n");
  writeFileSync(
    join(root, "without-overlay/holdfast.yaml"),
    without.replace("keys-generated\n", "../production/keys-generated\n"),
  );
  return root;
}

function filledIn(template: string): string {
  return template
    .replaceAll("set-my-alias-here.com", "s3.acme.example")
    .replace("my-gateway-dns-name", "mender.acme.example,s3.acme.example")
    .replaceAll(/(ACCESS_KEY|AUTH_KEY):$/gm, "$1: acme-mender-artifacts")
    .replaceAll(/(SECRET_KEY|AUTH_SECRET):$/gm, "$1: EtUe4p9YtQWcDm7x2kVb8sRzN3hLgJf6aPqTw5Xo");
}

async function gatewayMounts(root: string, path: string): Promise<string[]> {
  const options = { files: [], profiles: [], envFiles: [], environment: {}, format: "json" } as const;
  const result = await printConfig({ ...options, folder: join(root, path), root }, reader);
  assert.equal(result.kind, "model", JSON.stringify(result.kind === "issues" && result.issues));
  const { services } = parse(result.kind === "model" ? result.text : "");
  const volumes = services["mender-api-gateway"].volumes as { source: string; target: string }[];
  return volumes.map(({ source, target }) => `${source}:${target}`).sort();
}

async function errorsAndDenials(root: string, path: string): Promise<string[]> {
  const { issues, verdicts } = await checkFolder({ folder: join(root, path), root }, reader, now);
  const errors = issues.filter(({ severity }) => severity === "error").map(({ code }) => code);
  return [...errors, ...verdicts.filter(({ outcome }) => outcome === "denied").map(({ policy }) => policy)];
}
