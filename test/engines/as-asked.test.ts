import assert from "node:assert/strict";
import { globSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { DesiredState } from "../../src/model/desired.ts";
import { newerEngine } from "../support/newer-engine.ts";
import { type PrivateEngine, privateEngine } from "../support/private-engine.ts";
import { tempFolder } from "../support/temp.ts";
import { cgroupParent, configurations } from "./_configurations.ts";
import { desiredFrom, RealHost, withAll } from "./_host.ts";
import { loadImages, removeImages } from "./_images.ts";

/*
 * Whatever Compose files ask of an Engine: once it is made, nothing differs. Not with what the ledger remembers of it, and
 * not without; under every configuration of the daemon, and not when that moves under the containers.
 */

/** What a kernel may lack: the Engine says so and makes the container without. */
const kernelLacks = ["block I/O weight", "memory swappiness", "OOM kill"];

/** Those of which the Engine may tell more, or less, once they run. Of the others it knows all when they are created. */
const started = [
  ...["addresses", "bare", "bare-full", "capabilities", "cpus", "dns", "log-spellings", "mac", "mac-attached"],
  ...["net-host", "sizes", "ulimits-files", "users-group", "volumes-started"],
];

const isRoot = process.getuid?.() === 0;
const newer = isRoot ? await newerEngine() : { missing: "" };

describe("what Compose files ask for", { concurrency: 2 }, () => {
  engineTests("of the installed Engine", { files: ["services.yaml"], isNewer: false });
  engineTests("of a newer Engine", { files: ["services.yaml", "services-newer.yaml"], isNewer: true });
  // The Engine leaves the parent of its cgroups behind.
  after(() => globSync(`/sys/fs/cgroup/{*/,}${cgroupParent}`).forEach((path) => rmdirSync(path)));
});

function engineTests(
  title: string,
  { files, isNewer }: { readonly files: readonly string[]; readonly isNewer: boolean },
): void {
  describe(title, { skip: whySkipped(isNewer), concurrency: 1 }, () => {
    const folder = tempFolder("asked");
    const config = join(folder.path, "daemon.json");
    let engine: PrivateEngine;
    let host: RealHost | undefined;
    let desired: DesiredState;

    before(async () => {
      writeFileSync(config, "{}");
      const programs = isNewer && "programs" in newer ? newer.programs : undefined;
      engine = await privateEngine("asked", { programs, flags: [`--config-file=${config}`] });
      await loadImages(engine);
      mkdirSync(join(folder.path, "files"));
      desired = desiredFrom({ names: files, folder: join(folder.path, "files"), started });
    });
    after(async () => {
      await engine?.dispose();
      await folder.dispose();
    });

    for (const [name, configuration] of configurations) {
      test(`${name} makes what is asked for, and nothing differs`, async (t) => {
        await t.test("what was made before it was configured so is left alone", async () => {
          await killAll(engine); // what runs would hold up the daemon's end
          await engine.stop();
          writeFileSync(config, JSON.stringify(configuration(isNewer)));
          await engine.start();
          if (host) await nothingDiffers(host, withAll(desired, "stopped"));
        });
        await clear(engine);
        host = new RealHost(engine);
        await host.converge(desired);
        const unhonored = host.made.unhonored.flatMap(({ resource, cause }) =>
          "fields" in cause ? cause.fields.map((one) => ({ resource, ...one })) : []
        ).filter(({ field }) => !kernelLacks.includes(field));
        assert.deepEqual(unhonored, []);
        await nothingDiffers(host, desired);
      });
    }

    test("an image that is gone makes no difference to what does not run", async () => {
      await killAll(engine);
      await removeImages(engine);
      await nothingDiffers(host!, withAll(desired, "stopped"));
    });
  });
}

async function nothingDiffers(host: RealHost, wanted: DesiredState): Promise<void> {
  assert.deepEqual(await host.left(wanted, host.made.asMade), []);
  assert.deepEqual(await host.left(wanted, undefined), [], "and the ledger was lost");
}

function whySkipped(isNewer: boolean): string | false {
  if (!isRoot) return "only root can start a private Engine";
  return isNewer && "missing" in newer ? newer.missing : false;
}

async function killAll({ docker }: PrivateEngine): Promise<void> {
  const running = await docker.listContainers();
  await Promise.all(running.map(async ({ Id }) => {
    await docker.getContainer(Id).update({ RestartPolicy: { Name: "no" } });
    await docker.getContainer(Id).kill();
    await docker.getContainer(Id).wait();
  }));
}

async function clear({ docker }: PrivateEngine): Promise<void> {
  const all = await docker.listContainers({ all: true });
  await Promise.all(all.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  await docker.pruneNetworks();
  const { Volumes: volumes } = await docker.listVolumes();
  await Promise.all(volumes.map(({ Name }) => docker.getVolume(Name).remove()));
}
