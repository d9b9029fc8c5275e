// Makes dist/holdfast, the one file that is installed.
//   npm run build                  types checked, then the binary for this machine
//   npm run build -- --arch arm64  for another one
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Architecture, makeBinary } from "./_binary.ts";
import { describeCommit } from "./_commit.ts";
import { typeCheck } from "./_type-check.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({
  options: { arch: { type: "string", default: process.arch }, unchecked: { type: "boolean", default: false } },
});
const startedAt = performance.now();
try {
  const { status, output } = values.unchecked ? { status: 0, output: "" } : typeCheck(root);
  if (status !== 0) throw new Error(`The types do not fit:\n${output}`);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const commit = describeCommit(root);
  const arch = values.arch as Architecture;
  const out = join(root, arch === process.arch ? "dist/holdfast" : `dist/holdfast-${arch}`);
  await makeBinary({ root, out, arch, stamp: { version, commit }, warn: (text) => console.warn(text) });
  if (arch === process.arch) execFileSync(out, ["version"], { env: {}, cwd: "/" });
  const size = `${Math.round(statSync(out).size / 1e6)} MB`;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${out.slice(root.length)}: holdfast ${version} (${commit}), linux-${arch}, ${size}, in ${seconds} s`);
} catch (error) {
  console.error(`Cannot build: ${(error as Error).message}`);
  process.exitCode = 1;
}
