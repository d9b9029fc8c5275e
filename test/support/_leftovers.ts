import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills, each by its pid, the processes that an Engine with its data below `folder` has left: dockerd, containerd and shims name
 * the folder in their command line; processes of containers have their root file system in it.
 */
export function killAllBelow(folder: string, which: "all" | "daemons" = "all"): void {
  // Killing a shim can leave its container for a moment: look again until none is found.
  for (let round = 0; round < 20; round++) {
    const pids = processesBelow(folder, which);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  throw new Error(
    `Cannot end the processes ${processesBelow(folder, which).join(", ")} of the private Engine in ${folder}`,
  );
}

function processesBelow(folder: string, which: "all" | "daemons"): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (pid === process.pid || isDead(pid)) return false;
    const command = readProcess(pid, "cmdline").split("\0");
    const program = command[0]!.slice(command[0]!.lastIndexOf("/") + 1);
    if (/^(dockerd|containerd|docker-proxy|containerd-shim.*)$/.test(program)) {
      const daemon = program === "dockerd" || program === "containerd";
      return (daemon || which === "all") && command.some((word) => word.includes(`${folder}/`));
    }
    return which === "all" && rootMount(pid).includes(`${folder}/data/`);
  });
}

/** A zombie cannot be killed, and is gone as soon as its parent looks. */
function isDead(pid: number): boolean {
  return /^\d+ \(.*\) [ZX]/s.test(readProcess(pid, "stat"));
}

function rootMount(pid: number): string {
  return readProcess(pid, "mountinfo").split("\n").find((line) => line.split(" ")[4] === "/") ?? "";
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Unmounts what an Engine that was killed has left mounted, innermost first. */
export function unmountAllBelow(folder: string): void {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n").map((line) => line.split(" ")[4] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).sort().reverse()) {
    execFileSync("umount", ["--lazy", mount]);
  }
}
