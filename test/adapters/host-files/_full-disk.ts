// Places a revision that does not fit on the disk, and prints what came of it.
import { join } from "node:path";
import process from "node:process";
import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import { never, revision, testKey } from "./_files.ts";
import { tree } from "./_tree.ts";

const checkout = join(process.argv[2]!, "checkout");
const files = hostFiles({ checkout, runtime: process.argv[2]!, digestKey: testKey });
const small = revision({ "a": "one", "b": "one" });
const large = revision({ "a": "two", "b": "x".repeat(200_000) });
await files.placeCheckout(small, undefined, never);
const error = await files.placeCheckout(large, small, never).then(() => undefined, (thrown) => thrown);
const full = tree(checkout)["b"];
await files.placeCheckout(small, new Map([...small, ...large]), never);
const { code, retry, message, hint } = error;
console.log(JSON.stringify({ code, retry, message, hint, full, after: tree(checkout) }));
