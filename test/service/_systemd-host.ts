import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import type { TestEngine } from "../support/engine.ts";
import { type Removable, removable } from "../support/removable.ts";
import { tempFolder } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { makeSystemdImage, systemdImage } from "./_systemd-image.ts";

/** The folder of `dist/holdfast`, as the host sees it. */
export const dist = "/mnt/dist";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A host with systemd as its first process, in a container, with an Engine outside. `folder` is the same inside and
 * outside, so that the Engine finds what the agent places there; `folder/run` is a tmpfs.
 */
export interface SystemdHost extends Removable {
  readonly folder: string;
  /** Runs a program to its end, whatever its exit code. */
  run(...command: readonly string[]): Promise<Ran>;
  /** Runs a program that must succeed. @returns what it wrote, without the last line end */
  output(...command: readonly string[]): Promise<string>;
  /** A property of a unit, as `systemctl show` tells it. */
  property(unit: string, name: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Ends everything in it, as a power cut would. */
  powerOff(): Promise<void>;
  /** Starts it and waits until systemd has started all it was to start. */
  boot(): Promise<void>;
}

/** @param shared more paths: the same inside and outside, or `OUTSIDE:INSIDE` */
export async function systemdHost(engine: TestEngine, shared: readonly string[]): Promise<SystemdHost> {
  await makeSystemdImage(engine);
  const temp = tempFolder("service");
  const folder = temp.path;
  for (const name of ["run", "state"]) mkdirSync(join(folder, name), { mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "mode=700", "tmpfs", join(folder, "run")]);
  const unmount = (): void => {
    if (readFileSync("/proc/self/mountinfo", "utf8").includes(` ${folder}/run `)) {
      execFileSync("umount", ["--lazy", join(folder, "run")]);
    }
  };
  const binds = [folder, ...shared, engine.socket].map((path) => path.includes(":") ? path : `${path}:${path}`);
  const limits = {
    NetworkMode: "host", // the one that the Engine publishes ports in
    CapAdd: ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"],
    SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
    CgroupnsMode: "private",
    Tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
    Binds: [...binds, `${fileURLToPath(new URL("../../dist", import.meta.url))}:${dist}:ro`],
  };
  const container = await engine.docker.createContainer({ Image: systemdImage, HostConfig: limits });
  const host = removable(
    {
      folder,
      run: (...command: readonly string[]) => execute(container, command),
      async output(...command: readonly string[]) {
        const { code, stdout, stderr } = await execute(container, command);
        if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${stderr || stdout}`);
        return stdout.trimEnd();
      },
      property: (unit: string, name: string) => host.output("systemctl", "show", unit, `--property=${name}`, "--value"),
      async write(path: string, text: string) {
        await host.output("/bin/sh", "-c", 'mkdir -p "${1%/*}" && printf %s "$2" > "$1"', "sh", path, text);
      },
      powerOff: () => container.kill(),
      async boot() {
        await container.start();
        await until("systemd to have booted", async () => {
          const { stdout } = await execute(container, ["systemctl", "is-system-running"]);
          return /^(running|degraded)/.test(stdout);
        });
      },
    },
    async () => {
      await container.remove({ force: true });
      await engine.docker.getImage(systemdImage).remove();
      unmount();
      await temp.dispose();
    },
    unmount,
  );
  try {
    await host.boot();
  } catch (cause) {
    const log = (await container.logs({ stdout: true, stderr: true })).toString();
    await host.dispose();
    throw new Error(`systemd did not boot: ${log.trim() || "it wrote nothing"}`, { cause });
  }
  return host;
}

async function execute(container: Docker.Container, command: readonly string[]): Promise<Ran> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  container.modem.demuxStream(stream, stdout, stderr);
  stream.once("close", () => void (stdout.end(), stderr.end()));
  const texts = await Promise.all([stdout, stderr].map(async (part) => {
    let text = "";
    for await (const chunk of part.setEncoding("utf8")) text += chunk;
    return text;
  }));
  const { ExitCode: code } = await exec.inspect();
  return { code: code ?? -1, stdout: texts[0]!, stderr: texts[1]! };
}
