import { join } from "node:path";
import { output } from "../support/command.ts";
import { tempFolder } from "../support/temp.ts";
import type { Host } from "./host.ts";

/** `docker compose up -d` with the host's checkout, as somebody does who knows nothing of holdfast. */
export async function composeUp(program: string, { engine, project, folders }: Host): Promise<void> {
  await using home = tempFolder("compose-home");
  const args = ["-p", project, "-f", join(folders.checkout, "compose.yaml"), "up", "-d"];
  await output(program, args, { env: { HOME: home.path, DOCKER_HOST: `unix://${engine.socket}` }, timeoutMs: 60_000 });
}
