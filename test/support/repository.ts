import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { output } from "./command.ts";
import { type Removable, removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";

/** A file's text or bytes, a link, or null to remove it. */
export type Change =
  | string
  | Uint8Array
  | { readonly text: string; readonly mode: number }
  | { readonly link: string }
  | null;

export interface CommitOptions {
  /** `Ops <ops@example.com>`, author and committer. */
  readonly author?: string;
  /** Seconds since 1970; default: one minute after the one before, from 2026-01-01T00:00:00Z on. */
  readonly time?: number;
  /** More of git's arguments before `commit`, such as `-c gpg.format=ssh`. */
  readonly config?: readonly string[];
  /** Signs: the GNUPGHOME and the key's fingerprint, or with `config` the file of an ssh key. */
  readonly sign?: { readonly home: string; readonly key: string };
  /** Default true. */
  readonly push?: boolean;
}

/** A deployment repository that a test pushes to: a bare one, and an operator's clone of it. */
export type Repository = Removable & {
  /** Folder that holds `NAME.git`: what a git server serves. */
  readonly root: string;
  /** The bare repository, which is also a URL that git takes. */
  readonly bare: string;
  /** The operator's clone. */
  readonly clone: string;
  /** Changes files of the clone, commits and pushes the current branch. @returns the commit */
  commit(files: Readonly<Record<string, Change>>, message?: string, options?: CommitOptions): Promise<string>;
  /** Runs git in the clone. @returns stdout without the last line end */
  git(...args: string[]): Promise<string>;
  /** Runs git in the bare repository. */
  gitBare(...args: string[]): Promise<string>;
};

const EPOCH = Date.UTC(2026, 0, 1) / 1000;

/** Makes an empty repository with the branch `main`. The same commits give the same ids in every run. */
export async function createRepository(name = "deployment"): Promise<Repository> {
  const folder = tempFolder("git");
  const root = join(folder.path, "served");
  const bare = join(root, `${name}.git`);
  const clone = join(folder.path, "clone");
  const base = gitEnvironment(folder.path);
  let commits = 0;

  const run = async (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> =>
    (await output("git", args, { cwd, env: { ...base, ...env } })).toString().replace(/\n$/, "");

  await mkdir(root);
  await run(root, ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  await run(root, ["clone", "--quiet", bare, clone]);
  return removable({
    root,
    bare,
    clone,
    git: (...args: string[]) => run(clone, args),
    gitBare: (...args: string[]) => run(bare, args),
    async commit(files: Readonly<Record<string, Change>>, message = "change", options: CommitOptions = {}) {
      for (const [path, change] of Object.entries(files)) await write(join(clone, path), change);
      await run(clone, ["add", "--all"]);
      const { author = "Ops <ops@example.com>", config = [], sign, push = true } = options;
      const [, person, mail] = /^(.*) <(.*)>$/.exec(author)!;
      const date = `${options.time ?? EPOCH + 60 * commits++} +0000`;
      await run(clone, [
        ...config,
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        message,
        ...(sign ? [`--gpg-sign=${sign.key}`] : ["--no-gpg-sign"]),
      ], {
        GIT_AUTHOR_NAME: person,
        GIT_AUTHOR_EMAIL: mail,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: person,
        GIT_COMMITTER_EMAIL: mail,
        GIT_COMMITTER_DATE: date,
        ...(sign ? { GNUPGHOME: sign.home } : {}),
      });
      if (push) await run(clone, ["push", "--quiet", "--force", "--set-upstream", "origin", "HEAD"]);
      return await run(clone, ["rev-parse", "HEAD"]);
    },
  }, folder.dispose);
}

/** Nothing of the machine's or the user's own configuration reaches git. */
export function gitEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

async function write(file: string, change: Change): Promise<void> {
  await rm(file, { recursive: true, force: true });
  if (change === null) return;
  await mkdir(dirname(file), { recursive: true });
  if (typeof change === "string" || change instanceof Uint8Array) return await writeFile(file, change);
  if ("link" in change) return await symlink(change.link, file);
  await writeFile(file, change.text);
  await chmod(file, change.mode);
}
