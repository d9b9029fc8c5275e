import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folders = [
  "/usr/libexec/docker/cli-plugins",
  "/usr/local/lib/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  // where `npm run bench` unpacks it
  fileURLToPath(new URL("../../dist/cache/docker-compose/root/usr/libexec/docker/cli-plugins", import.meta.url)),
];

/** Docker Compose's program, where this machine has one: HOLDFAST_TEST_COMPOSE, a plugin of the docker command, or the bench's. */
export function findCompose(): string | undefined {
  const named = process.env["HOLDFAST_TEST_COMPOSE"];
  return named ?? folders.map((folder) => join(folder, "docker-compose")).find((path) => existsSync(path));
}
