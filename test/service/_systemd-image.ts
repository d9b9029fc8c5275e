import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { output } from "../support/command.ts";
import type { TestEngine } from "../support/engine.ts";
import { tempFolder } from "../support/temp.ts";

export const systemdImage = "holdfast-test/systemd:1";

const programs = [
  ...["systemctl", "journalctl", "systemd-notify", "systemd-analyze", "systemd-creds", "systemd-tmpfiles"],
  ...["sh", "ls", "cat", "rm", "mount", "mkdir", "sleep"],
];
/** Those of its units that a container needs. */
const units = "{*.target,systemd-journald*}";
/** What starts at a boot: unit by the target that wants it. */
const wanted = {
  "sysinit.target": ["systemd-journald.service"],
  "sockets.target": ["systemd-journald.socket", "systemd-journald-dev-log.socket"],
};

/**
 * Starts systemd as a machine's first process would be started: its cgroups writable, and mounts shared, without which
 * credentials are not seen. Both are left to whoever starts a container.
 */
const init = "mount -o remount,rw /sys/fs/cgroup; mount --make-rshared / && exec /usr/lib/systemd/systemd";

/** Makes an image with this machine's own systemd and little else: 30 MB, in a second and without a network. */
export async function makeSystemdImage({ docker }: TestEngine): Promise<void> {
  await using folder = tempFolder("systemd");
  const stage = folder.path;
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    mkdirSync(join(stage, "usr", name), { recursive: true });
    symlinkSync(`usr/${name}`, join(stage, name));
  }
  for (const name of ["etc", "root", "tmp", "run", "proc", "sys", "dev", "var/log", "var/lib", "usr/local/bin"]) {
    mkdirSync(join(stage, name), { recursive: true });
  }
  const systemd = "/usr/lib/systemd";
  const parts = ["systemd", "systemd-journald", "systemd-executor", "systemd-shutdown"].map((name) =>
    join(systemd, name)
  );
  const copied = [...parts, ...programs.map(findProgram)].filter((path) => existsSync(path));
  for (const path of [...copied, ...librariesOf([...copied, binaryNeeds])]) copyInto(stage, path);
  for (const unit of globSync(join(systemd, "system", units))) copyInto(stage, unit);
  const configured = join(stage, "etc/systemd/system");
  for (const [target, names] of Object.entries(wanted)) {
    mkdirSync(join(configured, `${target}.wants`), { recursive: true });
    for (const name of names) symlinkSync(join(systemd, "system", name), join(configured, `${target}.wants`, name));
  }
  symlinkSync(join(systemd, "system/multi-user.target"), join(configured, "default.target"));
  writeFileSync(join(stage, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n");
  writeFileSync(join(stage, "etc/group"), "root:x:0:\nnogroup:x:65534:\n");
  const tar = await output("tar", ["--create", "--directory", stage, "."]);
  const [repo, tag] = systemdImage.split(":");
  const changes = [`CMD ${JSON.stringify(["/bin/sh", "-c", init])}`, "ENV container=docker"];
  const progress = await docker.importImage(Readable.from([tar]), { repo, tag, changes });
  await finished(progress.resume());
}

/** The binary's libraries are Node's. */
const binaryNeeds = process.execPath;

/** `/usr/bin/systemctl`; folders are real ones, so that nothing is copied through a link. */
function findProgram(name: string): string {
  for (const folder of ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]) {
    const path = join(folder, name);
    if (existsSync(path)) return join(realpathSync(folder), name);
  }
  throw new Error(`There is no program "${name}" on this machine`);
}

/** Everything that the dynamic linker takes for these programs. */
function librariesOf(files: readonly string[]): string[] {
  const paths = files.flatMap((file) => {
    const text = execFileSync("/bin/sh", ["-c", 'ldd "$1" 2>/dev/null || true', "sh", file]).toString();
    return [...text.matchAll(/(?:=> |^\s)(\/\S+)/gm)].map(([, path]) => path!);
  });
  return [...new Set(paths.map((path) => join(realpathSync(dirname(path)), basename(path))))];
}

/** At the same path; a link becomes what it leads to. */
function copyInto(stage: string, path: string): void {
  const target = join(stage, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(path, target);
}
