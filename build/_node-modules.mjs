import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Makes node_modules what package-lock.json says; quick when it is already. */
export function provideNodeModules(root) {
  if (isInstalled(root)) return;
  console.log("npm ci: node_modules is not what package-lock.json says");
  const cache = usableHome() ? undefined : mkdtempSync(join(tmpdir(), "holdfast-npm-"));
  const env = { ...process.env, ...(cache ? { npm_config_cache: cache } : {}) };
  // `npm run` tells where npm is: it need not be in PATH.
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const args = [...npm.slice(1), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync(npm[0], args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  if (cache) rmSync(cache, { recursive: true, force: true });
  if (status !== 0) throw new Error(`Cannot install node_modules: npm ci ended with ${error?.message ?? status}`);
}

/** npm records what it installed; packages for other platforms are in the lock only. */
function isInstalled(root) {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(record);
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (path === "") return true;
    if (!found) return optional === true && !existsSync(join(root, path));
    return found.version === version && found.integrity === integrity;
  });
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/** npm keeps its cache below HOME, and with an empty HOME in the current folder. */
function usableHome() {
  try {
    accessSync(homedir(), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
