// Fetches a branch into a store, until somebody kills it.
import process from "node:process";
import { gitSource } from "../../../src/adapters/git/git-source.ts";

const [repository = "", storeFolder = ""] = process.argv.slice(2);
const source = gitSource({ repository, ref: "main", storeFolder });
const signal = new AbortController().signal;
await source.fetch(await source.resolve(signal), signal);
