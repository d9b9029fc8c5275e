import { spawnSync } from "node:child_process";
import { join } from "node:path";

export function typeCheck(root: string): { readonly status: number; readonly output: string } {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "--noEmit", "--project", root], {
    cwd: root,
    encoding: "utf8",
  });
  return { status: status ?? 1, output: `${stdout}${stderr}`.trim() };
}
