import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { dockerEngine } from "../../src/adapters/docker/docker-engine.ts";
import { freshProject, removeProject, testEngine } from "../support/engine.ts";
import { standIn } from "../support/images.ts";
import { tempFolder } from "../support/temp.ts";
import { engineContract, type EngineUnderTest } from "./engine.contract.ts";
import { failingImage, serviceImage } from "./images.ts";

engineContract("a real Engine", makeReal);

async function makeReal(): Promise<EngineUnderTest> {
  const test = await testEngine();
  const { docker } = test;
  const project = await freshProject(test, "contract");
  const folder = tempFolder("contract");
  mkdirSync(join(folder.path, "bound"));
  const service = await standIn(test, `${project}/service:1`, {
    env: { ...serviceImage.environment },
    labels: { ...serviceImage.labels },
    exposed: serviceImage.exposedPorts,
    volumes: serviceImage.volumes,
    user: serviceImage.user,
    workdir: serviceImage.workingDir,
    healthcheck: "--interval=1s --retries=5 CMD true",
  });
  const failing = await standIn(test, `${project}/failing:1`, {
    cmd: ["sh", "-c", `echo ${failingImage.words}; exit ${failingImage.exitCode}`],
  });
  const volumes = async (id: string) => {
    const { Mounts } = await docker.getContainer(id).inspect();
    const anonymous = Mounts.filter((mount) => mount.Type === "volume" && /^[0-9a-f]{64}$/.test(mount.Name ?? ""));
    return Object.fromEntries(anonymous.map((mount) => [mount.Destination, mount.Name!]).sort());
  };
  return {
    engine: dockerEngine({ host: `unix://${test.socket}` }),
    project,
    images: { service: service.tag, failing: failing.tag },
    folder: folder.path,
    subnet: `10.${200 + process.pid % 50}.${process.pid % 250}`,
    port: 20_000 + 20 * (process.pid % 500),
    host: {
      exit: async (id) => void await docker.getContainer(id).kill(),
      pause: async (id) => void await docker.getContainer(id).pause(),
      remove: async (id) => void await docker.getContainer(id).remove({ force: true, v: true }),
      setMemory: async (id, bytes) =>
        void await docker.getContainer(id).update({ Memory: bytes, MemorySwap: 2 * bytes }),
      anonymousVolumes: volumes,
      hasVolume: async (name) => (await docker.listVolumes()).Volumes.some((volume) => volume.Name === name),
      run: async (name, Image, port) => {
        const PortBindings = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
        const container = await docker.createContainer({ name, Image, HostConfig: { PortBindings } });
        await container.start();
        return container.id;
      },
    },
    dispose: async () => {
      await removeProject(test, project);
      await Promise.all([service.dispose(), failing.dispose()]);
      await folder.dispose();
      await test.dispose();
    },
  };
}
