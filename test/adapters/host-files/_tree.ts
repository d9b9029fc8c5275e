import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Everything below a folder: text of files, `-> target` of links, `/` for empty folders. */
export function tree(root: string): Record<string, string> {
  const all: Record<string, string> = {};
  const visit = (folder: string) => {
    const names = readdirSync(join(root, folder)).sort();
    if (names.length === 0 && folder !== "") all[folder] = "/";
    for (const name of names) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const stat = lstatSync(join(root, path));
      if (stat.isDirectory()) visit(path);
      else if (stat.isSymbolicLink()) all[path] = `-> ${readlinkSync(join(root, path))}`;
      else all[path] = stat.isFile() ? readFileSync(join(root, path), "utf8") : "(no file)";
    }
  };
  visit("");
  return all;
}

export function modeOf(path: string): number {
  return lstatSync(path).mode & 0o7777;
}
