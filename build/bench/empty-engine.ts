import type Docker from "dockerode";
import type { TestEngine } from "../../test/support/engine.ts";

/** Engine 20.10 can lock up for good (libnetwork's `processEndpointDelete`) when many containers go at once. */
const atOnce = 2;
const limitMs = 180_000;

/**
 * Removes all containers, networks and volumes of an Engine that is the bench's own.
 *
 * @throws Error when the Engine does not get there in time
 */
export async function emptyEngine({ docker }: TestEngine): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The Engine removes nothing any more, after ${limitMs} ms`)), limitMs);
  });
  await Promise.race([empty(docker), late]).finally(() => clearTimeout(timer));
}

async function empty(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  const queue = containers.map(({ Id }) => Id);
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      await docker.getContainer(id).remove({ force: true, v: true });
    }
  }));
  const networks = await docker.listNetworks({ filters: { type: ["custom"] } });
  for (const { Id } of networks) await docker.getNetwork(Id).remove();
  const { Volumes: volumes } = await docker.listVolumes();
  for (const { Name } of volumes ?? []) await docker.getVolume(Name).remove({ force: true });
}
