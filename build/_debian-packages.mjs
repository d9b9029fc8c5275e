import { spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

/** The Debian package of each program. */
const packages = {
  busybox: "busybox-static",
  "docker-registry": "docker-registry",
  dockerd: "docker.io",
  git: "git",
  gpg: "gnupg",
  ip: "iproute2",
  iptables: "iptables",
  nsenter: "util-linux",
  openssl: "openssl",
  ps: "procps",
  strip: "binutils",
  systemctl: "systemd",
  tar: "tar",
};

/**
 * Installs the packages of programs that are not there, where this user may; else says what is missing, and goes on:
 * whatever cannot do without says so itself.
 */
export function provideDebianPackages(programs) {
  const missing = programs.filter((program) => !find(program)).map((program) => packages[program]);
  if (missing.length === 0) return;
  const list = missing.join(" ");
  if (process.getuid() !== 0 || !find("apt-get")) {
    console.log(`Missing on this machine: ${list}. As root on Debian: apt-get install --no-install-recommends ${list}`);
    return;
  }
  console.log(`apt-get install ${list}: not on this machine yet`);
  if (!hasPackageLists()) aptGet("update");
  const install = ["install", "--yes", "--no-install-recommends", ...missing];
  if (aptGet(...install)) return;
  // The lists may be older than the mirror.
  aptGet("update");
  if (!aptGet(...install)) throw new Error(`Cannot install ${list}: apt-get says why above`);
}

/** Where services may not start (policy-rc.d) apt-get succeeds all the same: nothing here needs one. */
function aptGet(...args) {
  const options = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", [...options, ...args], { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

function hasPackageLists() {
  const folder = "/var/lib/apt/lists";
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes("_Packages"));
}

function find(program) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
  return folders.some((folder) => {
    const file = join(folder, program);
    return isExecutable(file) && (program !== "busybox" || isStatic(file));
  });
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program that needs libraries names its loader in its first page. */
function isStatic(file) {
  const descriptor = openSync(file, "r");
  const page = Buffer.alloc(4096);
  readSync(descriptor, page);
  closeSync(descriptor);
  return !page.includes("/ld-linux");
}
