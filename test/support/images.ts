import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";
import type { TestEngine } from "./engine.ts";
import { type Removable, removable } from "./removable.ts";

export interface StandInOptions {
  readonly cmd?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** `80/tcp` */
  readonly exposed?: readonly string[];
  readonly volumes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workdir?: string;
  /** As in a Dockerfile: `--interval=1s CMD test -e /tmp/ok`. */
  readonly healthcheck?: string;
  /** More files of the image, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Makes an image of 2 MB from Debian's busybox-static: shell, httpd, nc, sleep and more, without a registry. By default
 * it sleeps, and ends at once when it is told to stop.
 *
 * @param tag the name under which Compose files know it: `mendersoftware/deployments:mender-3.7`
 * @returns the image's id; `dispose()` removes the tag, and containers that still use it are the test's to remove before
 */
export async function standIn(
  { docker }: TestEngine,
  tag: string,
  options: StandInOptions = {},
): Promise<Removable & { readonly tag: string; readonly id: string }> {
  const [repo, version = "latest"] = splitTag(tag);
  const stream = await docker.importImage(Readable.from(rootFileSystem(options.files ?? {})), {
    repo,
    tag: version,
    changes: changes(options),
  });
  await drain(stream);
  const { Id: id } = await docker.getImage(tag).inspect();
  return removable({ tag, id }, async () => {
    await docker.getImage(tag).remove({ force: true, noprune: true }).catch((error) => {
      if (error.statusCode !== 404) throw error;
    });
  });
}

/** A tag's colon stands after the last slash; another one belongs to a registry's port. */
function splitTag(tag: string): [string, string?] {
  const colon = tag.indexOf(":", tag.lastIndexOf("/") + 1);
  return colon < 0 ? [tag] : [tag.slice(0, colon), tag.slice(colon + 1)];
}

/** Says TERM to its child, so that a stop takes milliseconds: PID 1 ignores signals it has no handler for. */
const SLEEP = ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"];

/** Dockerfile instructions, as `POST /images/create` takes them. */
function changes(options: StandInOptions): string[] {
  const cmd = options.cmd ?? (options.entrypoint ? undefined : SLEEP);
  return [
    "ENV PATH=/bin",
    ...(options.entrypoint ? [`ENTRYPOINT ${JSON.stringify(options.entrypoint)}`] : []),
    ...(cmd ? [`CMD ${JSON.stringify(cmd)}`] : []),
    ...Object.entries(options.env ?? {}).map(([name, value]) => `ENV ${name}=${JSON.stringify(value)}`),
    ...(options.exposed ?? []).map((port) => `EXPOSE ${port}`),
    ...(options.volumes ?? []).map((path) => `VOLUME ${JSON.stringify([path])}`),
    ...Object.entries(options.labels ?? {}).map(([name, value]) =>
      `LABEL ${JSON.stringify(name)}=${JSON.stringify(value)}`
    ),
    ...(options.user === undefined ? [] : [`USER ${options.user}`]),
    ...(options.workdir === undefined ? [] : [`WORKDIR ${options.workdir}`]),
    ...(options.healthcheck === undefined ? [] : [`HEALTHCHECK ${options.healthcheck}`]),
  ];
}

const APPLETS =
  "ash cat chmod chown cp cut date echo env false grep head hostname httpd id kill ln ls mkdir mv nc netstat nslookup " +
  "printf ps pwd rm sed sh sha256sum sleep sort stat tail test touch tr true wc wget xargs";

export function rootFileSystem(files: Readonly<Record<string, string>>): Pack {
  const tar = pack();
  const mtime = new Date(0);
  for (const name of ["bin", "etc", "tmp", "var", "www"]) {
    tar.entry({ name: `${name}/`, type: "directory", mode: name === "tmp" ? 0o1777 : 0o755, mtime });
  }
  tar.entry({ name: "etc/passwd", mtime }, "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
  tar.entry({ name: "etc/group", mtime }, "root:x:0:\nnogroup:x:65534:\n");
  tar.entry({ name: "bin/busybox", mode: 0o755, mtime }, busybox());
  for (const name of APPLETS.split(" ")) {
    tar.entry({ name: `bin/${name}`, type: "symlink", linkname: "busybox", mtime });
  }
  for (const [path, text] of Object.entries(files)) tar.entry({ name: path.slice(1), mode: 0o755, mtime }, text);
  tar.finalize();
  return tar;
}

function busybox(): Buffer {
  const bytes = readFileSync("/bin/busybox");
  if (bytes.subarray(0, 4096).includes("/ld-linux")) {
    throw new Error("/bin/busybox is linked to libraries that are not in the image: install busybox-static");
  }
  return bytes;
}

/** Reads the Engine's progress to its end; a failure stands in there, under status 200. */
export async function drain(stream: NodeJS.ReadableStream): Promise<void> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  const failure = text.split("\n").find((line) => line.includes('"error"'));
  if (failure) throw new Error(`Cannot import the image: ${failure}`);
}
