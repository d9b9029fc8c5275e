import { execFileSync } from "node:child_process";

/** The commit of a working tree, `+dirty` when a file differs from it; `unknown` outside of git. */
export function describeCommit(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("rev-parse", "HEAD");
    return git("status", "--porcelain") === "" ? commit : `${commit}+dirty`;
  } catch {
    return "unknown";
  }
}
