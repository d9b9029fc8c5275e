import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { output } from "../support/command.ts";
import { findCompose } from "../support/compose-program.ts";
import { connectInEngineNetwork } from "../support/namespace.ts";
import { tempFolder } from "../support/temp.ts";
import { createHost, type Host, manifest } from "./host.ts";
import { apply, assertConverged, look, touched } from "./judge.ts";

/** Two networks, a published port, a volume: what Compose 1.29, 2.26 and 2.40 make differently of the same files. */
function composeFile({ project, port }: Host): string {
  return `services:
  web:
    image: ${project}/web:1
    ports: ["127.0.0.1:${port}:80"]
    networks: [default, back]
  db:
    image: ${project}/sleeper:1
    networks: [back]
    volumes: ["data:/data"]
networks:
  back: {}
volumes:
  data: {}
`;
}

/** What an adoption must leave as it is: networks by id, and each connection of a container by its own. */
async function connections({ engine: { docker }, project }: Host): Promise<unknown> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const networks = await docker.listNetworks({ filters });
  const containers = await docker.listContainers({ filters });
  return {
    networks: networks.map(({ Id, Name }) => [Name, Id]).sort(),
    containers: containers.map(({ Id, NetworkSettings: { Networks } }) => [
      Id,
      Object.entries(Networks).map(([name, { EndpointID, IPAddress }]) => [name, EndpointID, IPAddress]).sort(),
    ]).sort(),
  };
}

const programs = [
  { name: "docker-compose 1.29", path: existsSync("/usr/bin/docker-compose") ? "/usr/bin/docker-compose" : undefined },
  { name: "Docker Compose 2", path: findCompose() },
];
for (const { name, path } of programs) {
  test(`apply takes over what ${name} started, with every container and connection`, async (context) => {
    if (path === undefined) return context.diagnostic(`optional: there is no ${name}`);
    await using host = await createHost("adopt");
    await using folder = tempFolder("adopt");
    await mkdir(join(folder.path, "clone"));
    const file = join(folder.path, "clone/compose.yaml");
    await writeFile(file, composeFile(host));
    await output(path, ["-p", host.project, "-f", file, "up", "-d"], {
      env: { HOME: folder.path, PATH: process.env["PATH"]!, DOCKER_HOST: `unix://${host.engine.socket}` },
      timeoutMs: 60_000,
    });
    await host.push({ "compose.yaml": composeFile(host), "holdfast.yaml": manifest(host).replace(/^keys:.*\n/m, "") });
    const before = await connections(host);
    const request = await connectInEngineNetwork(host.engine, { host: "127.0.0.1", port: host.port });
    request.write("GET / HTTP/1.0\r\n");

    const { stdout, stderr } = await apply(host);
    assert.match(stdout, /converged at/, stderr);
    assert.doesNotMatch(stderr, /network\//);
    assert.deepEqual(await connections(host), before);
    request.end("\r\n"); // begun before, answered after
    assert.match((await request.toArray()).join(""), /^HTTP\/1\.[01] \d{3}/);

    const taken = await look(host);
    await assertConverged(host);
    await apply(host);
    assert.deepEqual(touched(taken, await look(host)), []);
  });
}
