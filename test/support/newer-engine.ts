import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { output } from "./command.ts";

/** The newest Engine that Debian has, beside the installed one. */
const suite = "sid";
const cache = fileURLToPath(new URL("../../node_modules/.cache/newer-engine", import.meta.url));
const packages = ["docker.io", "containerd"];

/** Where to look for Debian's mirror: deb822, then the older form. */
const aptSources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];

/**
 * The programs of a newer Docker Engine than the installed one, for `PrivateEngineOptions.programs`: Debian's packages,
 * unpacked once below node_modules/.cache. Apt gets lists and sources of its own; the machine's are left as they are.
 * `HOLDFAST_NEWER_ENGINE` gives a folder with such programs instead.
 *
 * @returns the folder, or in words why there is none
 * @throws Error instead of the words where `CI` is set: there a part that is left out would be missed by nobody
 */
export async function newerEngine(): Promise<{ readonly programs: string } | { readonly missing: string }> {
  const given = process.env["HOLDFAST_NEWER_ENGINE"];
  if (given !== undefined) return { programs: given };
  try {
    return { programs: await unpackedEngine() };
  } catch (cause) {
    const missing = `a newer Docker Engine cannot be had: ${(cause as Error).message}`;
    if (process.env["CI"]) throw new Error(missing, { cause });
    return { missing };
  }
}

async function unpackedEngine(): Promise<string> {
  const programs = join(cache, "programs");
  if (existsSync(join(programs, "dockerd"))) return programs;
  const work = join(cache, `work-${process.pid}`);
  try {
    for (const folder of ["sources", "lists/partial", "archives/partial", "root"]) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    writeFileSync(join(work, "sources/newer.sources"), newerSource());
    const apt = (args: readonly string[]): Promise<Buffer> =>
      output("apt-get", ["-qq", ...ownOptions(work), ...args], { cwd: work, timeoutMs: 300_000 });
    await apt(["update"]);
    await apt(["download", ...packages]);
    for (const name of packages) {
      await output("sh", ["-c", `dpkg -x ${name}_*.deb root && rm ${name}_*.deb`], { cwd: work });
    }
    link(work);
    for (const folder of ["sources", "lists", "archives"]) rmSync(join(work, folder), { recursive: true });
    const ready = `ready-${process.pid}`;
    renameSync(work, join(cache, ready));
    replaceLink(ready, programs);
    return programs;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Apt with nothing of the machine's but its keyrings and its ways to the net. */
function ownOptions(work: string): string[] {
  const options = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": join(work, "sources"),
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State::Lists": join(work, "lists"),
    "Dir::Cache::Archives": join(work, "archives"),
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "APT::Sandbox::User": "root", // `_apt` may not write below the repository
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
  };
  return Object.entries(options).map(([name, value]) => `-o${name}=${value}`);
}

/** The machine's mirror and keyring, with the newer suite. */
function newerSource(): string {
  const text = aptSources.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8")).join("\n");
  const uri = /^URIs:\s*(\S+)/m.exec(text)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(text)?.[1];
  if (uri === undefined) throw new Error(`no mirror of Debian in ${aptSources.join(" or ")}`);
  const key = /^Signed-By:\s*(\S+)/m.exec(text)?.[1] ?? /^deb\s+\[[^\]]*signed-by=([^\s\]]+)/m.exec(text)?.[1];
  const lines = ["Types: deb", `URIs: ${uri}`, `Suites: ${suite}`, "Components: main"];
  return [...lines, ...(key === undefined ? [] : [`Signed-By: ${key}`]), ""].join("\n");
}

/** One folder for PATH. The newer runc needs a newer libc than the machine's: the installed one serves. */
function link(work: string): void {
  for (
    const name of ["usr/bin/containerd", "usr/bin/containerd-shim-runc-v2", "usr/sbin/dockerd", "usr/sbin/docker-proxy"]
  ) {
    if (!existsSync(join(work, "root", name))) throw new Error(`the package of ${suite} has no ${name}`);
    symlinkSync(join("root", name), join(work, name.slice(name.lastIndexOf("/") + 1)));
  }
}

/** At once for whoever else looks. */
function replaceLink(target: string, path: string): void {
  const temporary = `${path}-${process.pid}`;
  symlinkSync(target, temporary);
  renameSync(temporary, path);
}
