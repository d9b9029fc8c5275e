import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import Docker from "dockerode";
import { killAllBelow, unmountAllBelow } from "./_leftovers.ts";
import type { TestEngine } from "./engine.ts";
import { removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";
import { until } from "./until.ts";

/** An Engine that a test may stop and start, with nobody else on it. */
export interface PrivateEngine extends TestEngine {
  readonly netns: string;
  /** Ends dockerd; containers end with it, unless it was started with `--live-restore`. */
  stop(): Promise<void>;
  /** Kills dockerd and its containerd without a warning, as a crash does. */
  crash(): Promise<void>;
  /** Starts dockerd again on the same data; returns when it answers. */
  start(): Promise<void>;
}

export interface PrivateEngineOptions {
  /** Folder that comes first in PATH: an unpacked dockerd and containerd of another version. */
  readonly programs?: string;
  /** More of dockerd's flags, such as `--live-restore`. */
  readonly flags?: readonly string[];
}

/**
 * Starts a dockerd of its own in a network namespace of its own, data below a temp folder. Needs root.
 *
 * @param name short; part of the names of folder and namespace
 * @throws Error with the end of dockerd's log when it does not answer within 90 s
 */
export async function privateEngine(name: string, options: PrivateEngineOptions = {}): Promise<PrivateEngine> {
  if (process.getuid?.() !== 0) throw new Error("Only root can start a private Docker Engine");
  const folder = tempFolder(name);
  const namespace = addNamespace(basename(folder.path));
  const socket = join(folder.path, "docker.sock");
  const netns = `/var/run/netns/${namespace}`;
  let dockerd: ChildProcess | undefined;

  const sweep = (): void => {
    killAllBelow(folder.path);
    unmountAllBelow(folder.path);
    if (existsSync(netns)) execFileSync("ip", ["netns", "delete", namespace]);
  };
  const engine = removable(
    {
      socket,
      netns,
      docker: new Docker({ socketPath: socket }),
      stop: () => end("SIGTERM"),
      crash: async () => {
        killAllBelow(folder.path, "daemons");
        await end("SIGKILL");
        // dockerd takes a containerd that init has not reaped yet for a running one.
        rmSync(join(folder.path, "exec/containerd/containerd.pid"), { force: true });
      },
      start: async () => {
        dockerd = startDockerd(folder.path, netns, options);
        await answers(dockerd, folder.path, engine.docker);
      },
    },
    async () => {
      await end("SIGTERM");
      sweep();
      await folder.dispose();
    },
    sweep,
  );
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (dockerd && dockerd.exitCode === null && dockerd.signalCode === null) {
      const ended = once(dockerd, "exit");
      dockerd.kill(signal);
      // Past dockerd's own shutdown time, and in `dispose()` the sweep ends the rest.
      const timer = setTimeout(() => dockerd?.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(timer);
    }
    dockerd = undefined;
  };
  try {
    await engine.start();
  } catch (error) {
    await engine.dispose();
    throw error;
  }
  return engine;
}

function addNamespace(name: string): string {
  execFileSync("ip", ["netns", "add", name]);
  execFileSync("nsenter", [`--net=/var/run/netns/${name}`, "ip", "link", "set", "lo", "up"]);
  return name;
}

function startDockerd(folder: string, netns: string, { programs, flags = [] }: PrivateEngineOptions): ChildProcess {
  mkdirSync(join(folder, "data"), { recursive: true });
  const log = openSync(join(folder, "log"), "a");
  // nsenter, not `ip netns exec`: that one hides /sys, which dockerd needs. Both are replaced by dockerd, so the pid is dockerd's.
  const child = spawn("nsenter", [
    `--net=${netns}`,
    "--",
    ...["setpriv", "--pdeathsig", "TERM", "--"], // it ends with the tests, however they end
    "dockerd",
    `--host=unix://${join(folder, "docker.sock")}`,
    `--data-root=${join(folder, "data")}`,
    `--exec-root=${join(folder, "exec")}`,
    `--pidfile=${join(folder, "dockerd.pid")}`,
    "--shutdown-timeout=1",
    ...flags,
  ], {
    stdio: ["ignore", log, log],
    // A Ctrl-C in the terminal reaches the tests, which then end it in order.
    detached: true,
    env: { ...process.env, ...(programs === undefined ? {} : { PATH: `${programs}:${process.env["PATH"]}` }) },
  });
  closeSync(log);
  child.unref(); // a test process that forgot to dispose still ends, and cleans up when it does
  return child;
}

async function answers(dockerd: ChildProcess, folder: string, docker: Docker): Promise<void> {
  let failure: Error | undefined;
  dockerd.once("error", (error) => failure = error);
  dockerd.once("exit", (code) => failure ??= new Error(`dockerd ended with ${code}: ${endOfLog(folder)}`));
  const answered = until("a private dockerd to answer", () => failure ? true : docker.ping().then(() => true), 90_000);
  await answered.catch((cause) => {
    throw new Error(endOfLog(folder), { cause });
  });
  if (failure) throw failure;
}

function endOfLog(folder: string): string {
  return readFileSync(join(folder, "log"), "utf8").trim().split("\n").slice(-5).join("\n");
}
