// Fetches a commit onto a disk that is too small for it, and prints what came of it.
import { readdir } from "node:fs/promises";
import process from "node:process";
import { gitSource } from "../../../src/adapters/git/git-source.ts";

const [repository = "", disk = ""] = process.argv.slice(2);
const source = gitSource({ repository, ref: "main", storeFolder: `${disk}/store` });
const signal = new AbortController().signal;
const tip = await source.resolve(signal);
const error = await source.fetch(tip, signal).then(() => undefined, (thrown) => thrown);
console.log(
  JSON.stringify({
    code: error?.code,
    retry: error?.retry,
    hint: error?.hint,
    left: await readdir(`${disk}/store`),
  }),
);
