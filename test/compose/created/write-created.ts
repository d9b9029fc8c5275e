/**
 * Writes what the real Docker Compose asks a Docker Engine for when it creates each case: the only thing that may write
 * `expected.json`. Takes root, and an Engine of API 1.49 or newer; FOLDER holds its dockerd and containerd.
 *
 *     node test/compose/created/write-created.ts PATH-OF-DOCKER-COMPOSE [FOLDER]
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { dirname, join } from "node:path";
import { output } from "../../support/command.ts";
import { standIn } from "../../support/images.ts";
import { privateEngine } from "../../support/private-engine.ts";
import { tempFolder } from "../../support/temp.ts";
import {
  type Body,
  casesFolder,
  type Created,
  type CreatedCase,
  createdRoot,
  images,
  project,
  readCreatedCases,
} from "./created-cases.ts";

const [compose, programs] = process.argv.slice(2);
if (!compose) throw new Error("usage: write-created.ts PATH-OF-DOCKER-COMPOSE [FOLDER]");

await using engine = await privateEngine("created", programs === undefined ? {} : { programs });
await standIn(engine, images.plain);
await standIn(engine, images.full, {
  entrypoint: ["/bin/sh", "-c"],
  env: { GREETING: "from the image" },
  exposed: ["80/tcp"],
  volumes: ["/image"],
  labels: { "org.example.image": "full" },
  healthcheck: "--interval=30s CMD true",
});
await using home = tempFolder("created-home");
const env = { PATH: "/usr/bin:/bin", HOME: home.path };
const { ApiVersion: api } = await engine.docker.version();
const version = (await output(compose, ["version", "--short"], { env })).toString().trim();
writeFileSync(join(casesFolder, "answerer.json"), `${JSON.stringify({ compose: version, api })}\n`);
for (const one of readCreatedCases()) {
  const created = await createWith(one);
  writeFileSync(join(one.folder, "expected.json"), `${JSON.stringify(created, undefined, 2)}\n`);
  console.log(`${one.name}: ${Object.keys(created.containers).length} containers`);
}

async function createWith({ folder }: CreatedCase): Promise<Created> {
  const parent = dirname(createdRoot);
  mkdirSync(parent);
  const socket = join(parent, "docker.sock");
  const recorded: Recorded[] = [];
  const server = recorder(recorded).listen(socket);
  try {
    cpSync(folder, createdRoot, { recursive: true });
    rmSync(join(createdRoot, "expected.json"), { force: true });
    const args = ["-p", project, "-f", join(createdRoot, "compose.yaml")];
    const options = { env: { ...env, DOCKER_HOST: `unix://${socket}` }, timeoutMs: 120_000 };
    await output(compose!, [...args, "create", "--pull", "never"], options);
    await output(compose!, [...args, "down", "--volumes"], options);
  } finally {
    server.close();
    rmSync(parent, { recursive: true });
  }
  return sent(recorded);
}

interface Recorded {
  readonly url: URL;
  readonly body: Body;
  readonly answer: Body;
}

/** Passes every call on to the Engine, and keeps those that create something. */
function recorder(recorded: Recorded[]) {
  return createServer((incoming, response) => {
    const asked: Buffer[] = [];
    const { method, headers, url = "/" } = incoming;
    const outgoing = request({ socketPath: engine.socket, path: url, method, headers }, (answer) => {
      const answered: Buffer[] = [];
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on("data", (chunk) => answered.push(chunk)).pipe(response);
      answer.on("end", () => {
        if (method !== "POST" || !/\/create(\?|$)/.test(url)) return;
        const json = (chunks: readonly Buffer[]) => JSON.parse(Buffer.concat(chunks).toString());
        recorded.push({ url: new URL(url, "http://engine"), body: json(asked), answer: json(answered) });
      });
    });
    incoming.on("data", (chunk) => asked.push(chunk)).pipe(outgoing);
  });
}

function sent(recorded: readonly Recorded[]): Created {
  const of = (kind: string) => recorded.filter(({ url }) => url.pathname.endsWith(`/${kind}/create`));
  const nameOf = ({ url, body }: Recorded) => url.searchParams.get("name") ?? String(body["Name"]);
  const byName = <T>(all: readonly Recorded[], value: (one: Recorded) => T): Record<string, T> =>
    Object.fromEntries(all.map((one) => [nameOf(one), value(one)] as const).sort(([a], [b]) => a < b ? -1 : 1));
  return {
    ids: byName(of("containers"), ({ answer }) => String(answer["Id"])),
    containers: byName(of("containers"), ({ body }) => body),
    networks: byName(of("networks"), ({ body }) => body),
    volumes: byName(of("volumes"), ({ body }) => body),
  };
}
