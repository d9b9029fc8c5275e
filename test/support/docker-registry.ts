import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestEngine } from "./engine.ts";
import { standIn } from "./images.ts";
import { spawnInEngineNetwork } from "./namespace.ts";
import { type Removable, removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";

/** The only account that a test's registry knows. */
export const registryLogin = { username: "robot", password: "a password for robots" };

/** `htpasswd -nbB -C 4`: the registry takes bcrypt alone. */
const htpasswd = "robot:$2y$04$abcdefghijklmnopqrstuuRIp4u.0AJjLZJ8IkQ3mrooY8cpCe2IK\n";

export interface DockerRegistry extends Removable {
  /** As references name it: `127.0.0.1:5000`, in the Engine's network. */
  readonly host: string;
  /** Makes a stand-in image and pushes it; the Engine does not keep it. @returns its reference */
  push(name: string): Promise<string>;
}

/** The registry of Debian's package docker-registry, in the Engine's network, which gives nothing without a login. */
export async function dockerRegistry(engine: TestEngine): Promise<DockerRegistry> {
  const folder = tempFolder("registry");
  const config = {
    version: "0.1",
    log: { level: "info" },
    storage: { filesystem: { rootdirectory: join(folder.path, "data") } },
    http: { addr: "127.0.0.1:0", secret: "of the tests" },
    auth: { htpasswd: { realm: "test", path: join(folder.path, "htpasswd") } },
  };
  await writeFile(config.auth.htpasswd.path, htpasswd);
  await writeFile(join(folder.path, "config.yml"), JSON.stringify(config)); // YAML holds JSON
  const command = ["docker-registry", "serve", join(folder.path, "config.yml")] as const;
  const child = spawnInEngineNetwork(engine, command, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "exit");
  const dispose = async () => {
    child.kill("SIGTERM");
    await ended;
    await folder.dispose();
  };
  const host = await address(createInterface({ input: child.stderr! }));
  if (host === undefined) {
    await dispose();
    throw new Error("docker-registry ended before it listened");
  }
  const push = async (name: string) => {
    await using image = await standIn(engine, `${host}/${name}`, {
      files: { "/its-own": randomBytes(500_000).toString("hex") }, // a layer that the Engine has is not downloaded
    });
    const pushed = await engine.docker.getImage(image.tag).push({
      authconfig: { ...registryLogin, serveraddress: host },
    });
    let progress = "";
    for await (const chunk of pushed) progress += chunk;
    if (progress.includes('"error"')) throw new Error(`Cannot push ${image.tag}: ${progress}`);
    return image.tag;
  };
  return removable({ host, push }, dispose, () => child.kill("SIGKILL"));
}

/** Where it listens, as its log tells; what follows in the log is read and left. */
async function address(log: ReturnType<typeof createInterface>): Promise<string | undefined> {
  return await new Promise((resolve) => {
    log.once("close", () => resolve(undefined));
    log.on("line", (line) => {
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}
