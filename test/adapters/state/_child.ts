import process from "node:process";

/** What the runtime needs before a script's path, so that a child runs on the same one as the tests. */
export const childArguments: readonly string[] = process.versions.deno ? ["run", "--allow-all", "--quiet"] : [];
