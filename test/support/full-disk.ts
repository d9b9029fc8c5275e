import process from "node:process";
import { scriptArguments } from "./child.ts";
import { output } from "./command.ts";
import { tempFolder } from "./temp.ts";

/**
 * Runs a script on a file system of 64 kB, whose path is its argument. The file system lives in a mount namespace of the
 * script's own: nothing is left to unmount, however it ends.
 *
 * @returns the JSON that it prints
 */
export async function onFullDisk(script: URL): Promise<unknown> {
  await using folder = tempFolder("full");
  const namespace = process.getuid!() === 0 ? ["--mount"] : ["--map-root-user", "--mount"];
  const mount = ["sh", "-c", 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"', folder.path];
  const run = [process.execPath, ...scriptArguments(script), folder.path];
  return JSON.parse((await output("unshare", [...namespace, ...mount, ...run])).toString());
}
