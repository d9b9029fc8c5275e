// Opens a sealed file, and prints what came of it and how much memory this process took at most.
import { readFileSync } from "node:fs";
import process from "node:process";
import { openpgpKeyring } from "../../../src/adapters/openpgp/keyring.ts";

const [path, passphrase] = process.argv.slice(2) as [string, string];
const keyring = openpgpKeyring({ passphrase: () => Promise.resolve(passphrase) });
const answer = await keyring.decrypt(readFileSync(path), new AbortController().signal).then(
  () => "opened",
  (error) => error.code,
);
const peakKilobytes = Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]);
console.log(JSON.stringify({ answer, peakBytes: peakKilobytes * 1024 }));
