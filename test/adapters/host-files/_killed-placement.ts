// Places a revision, keys and secrets (or keys only), and is killed at the change of the file system whose number it is
// given. Prints "done" when it comes to the end before that.
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const [checkout, runtime, what, at] = process.argv.slice(2) as [string, string, string, string];
let left = Number(at);

function dieInTime(): void {
  if (--left === 0) process.kill(process.pid, "SIGKILL");
}

type Call = (...args: unknown[]) => Promise<unknown>;

/** Counts the calls of functions that change something, where there is something to change. */
function count(functions: Record<string, Call>, names: readonly string[]): void {
  for (const name of names) {
    const original = functions[name]!;
    functions[name] = function (this: unknown, ...args) {
      if (name !== "rm" || existsSync(args[0] as string)) dieInTime();
      return original.apply(this, args);
    };
  }
}

const handle = await fs.open(process.execPath);
const handleFunctions = Object.getPrototypeOf(handle) as Record<string, Call>;
await handle.close();
const { writeFile } = handleFunctions;
handleFunctions["writeFile"] = async function (this: unknown, bytes) {
  if (left === 1) await writeFile!.call(this, (bytes as Uint8Array).subarray(0, 2)); // in the middle of it
  dieInTime();
  return await writeFile!.call(this, bytes);
};
count(handleFunctions, ["chmod"]);
const all = fs as unknown as Record<string, Call>;
count(all, ["link", "mkdir", "rename", "rm", "rmdir", "symlink", "unlink"]);
syncBuiltinESMExports();

const { after, before, into, open, place } = await import("./_placements.ts");
const { never } = await import("./_files.ts");
if (what === "keys") await open({ checkout, runtime }).placeKeys(after.keys, into, never);
else await place({ checkout, runtime }, after, before.files);
console.log("done");
