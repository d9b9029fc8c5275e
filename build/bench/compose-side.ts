import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestEngine } from "../../test/support/engine.ts";
import { emptyEngine } from "./empty-engine.ts";
import { type ProcessTime, timeProcess } from "./process.ts";
import { composeText, project } from "./project.ts";

/** A deployment that Docker Compose keeps, on an Engine of its own. */
export interface ComposeSide {
  readonly engine: TestEngine;
  /** @param version what the first service's environment holds */
  write(size: number, version: number): Promise<void>;
  /** `docker-compose up -d` as a process. */
  up(socket?: string): Promise<ProcessTime>;
  remove(): Promise<void>;
}

export async function composeSide(
  { engine, binary, folder }: { readonly engine: TestEngine; readonly binary: string; readonly folder: string },
): Promise<ComposeSide> {
  await mkdir(folder, { recursive: true });
  return {
    engine,
    write: (size, version) => writeFile(join(folder, "compose.yaml"), composeText(size, version)),
    up: (socket = engine.socket) =>
      timeProcess({
        command: binary,
        args: ["--project-name", project, "up", "--detach"],
        netns: engine.netns,
        cwd: folder,
        env: { DOCKER_HOST: `unix://${socket}`, HOME: folder, PATH: "/usr/bin:/bin" },
      }),
    remove: () => emptyEngine(engine),
  };
}
