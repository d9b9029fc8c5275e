import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { output } from "../../test/support/command.ts";

/** Docker Compose, or why it could not be had. */
export type ComposeBinary =
  | { readonly path: string; readonly version: string }
  | { readonly missing: string };

/** The suite that has Compose 2.40. Its binary needs nothing else of that suite. */
const suite = "sid";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Docker Compose from Debian, unpacked below a cache folder. Lists and packages of the newer suite stay in that folder:
 * what apt knows on this machine is not touched.
 */
export async function composeBinary(cache: string): Promise<ComposeBinary> {
  const path = join(cache, "root/usr/libexec/docker/cli-plugins/docker-compose");
  try {
    if (!existsSync(path)) await unpack(cache);
    const version = await output(path, ["version", "--short"], { env: { HOME: cache } });
    return { path, version: version.toString().trim() };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

async function unpack(cache: string): Promise<void> {
  const folders = {
    sources: join(cache, "sources"),
    lists: join(cache, "lists/partial"),
    archives: join(cache, "apt/archives/partial"),
    packages: join(cache, "packages"),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const source = ["Types: deb", `URIs: ${await mirror()}`, `Suites: ${suite}`, "Components: main"];
  const signed = existsSync(keyring) ? [`Signed-By: ${keyring}`] : [];
  await writeFile(join(folders.sources, `${suite}.sources`), [...source, ...signed, ""].join("\n"));
  const settings = {
    "Dir::Etc::sourcelist": "/dev/null",
    "Dir::Etc::sourceparts": folders.sources,
    "Dir::State::lists": join(cache, "lists"),
    "Dir::Cache": join(cache, "apt"),
    "APT::Sandbox::User": "root", // its own user may not write here
  };
  const options = ["-qq", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  await output("apt-get", [...options, "update"], { timeoutMs: 300_000 });
  await output("apt-get", [...options, "download", "docker-compose"], { cwd: folders.packages, timeoutMs: 300_000 });
  const [file] = (await readdir(folders.packages)).filter((name) => name.endsWith(".deb"));
  if (file === undefined) throw new Error("apt-get downloaded no package");
  await output("dpkg", ["-x", join(folders.packages, file), join(cache, "root")]);
}

/** The one that this machine's own packages come from. */
async function mirror(): Promise<string> {
  const files = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const found = /^URIs:\s*(\S+)/m.exec(texts[0]!) ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(texts[1]!);
  if (found?.[1]) return found[1];
  throw new Error(`no Debian mirror is named in ${files.join(" or ")}`);
}
