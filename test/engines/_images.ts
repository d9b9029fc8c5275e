import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { drain, rootFileSystem } from "../support/images.ts";
import type { TestEngine } from "../support/engine.ts";

/** An image's `config`, as a builder writes it. */
type ImageConfig = Readonly<Record<string, unknown>>;

const sleep = ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"];

/** The least, and every field that an image can set, each in a spelling that the Engine cleans or no default of its own. */
export const images: Readonly<Record<string, ImageConfig>> = {
  "plain:1": { Env: ["PATH=/bin"], Cmd: sleep },
  "full:1": {
    Hostname: "image-host",
    Domainname: "image.test",
    User: "65534:65534",
    ExposedPorts: { "80/tcp": {}, "53/udp": {} },
    Env: ["PATH=/bin", "FROM_IMAGE=image", "EMPTY="],
    Entrypoint: ["/bin/sh", "-c", 'exec "$0" "$@"'],
    Cmd: sleep,
    Healthcheck: {
      Test: ["CMD-SHELL", "true"],
      Interval: 60e9,
      Timeout: 5e9,
      StartPeriod: 1e9,
      StartInterval: 3e9,
      Retries: 7,
    },
    Volumes: { "/image/": {}, "/from//image": {} },
    WorkingDir: "/var//tmp/",
    Labels: { "from.image": "image", "com.example.image": "" },
    StopSignal: "QUIT",
    Shell: ["/bin/sh", "-c"],
    OnBuild: ["RUN true"],
    ArgsEscaped: true,
    AttachStdout: true,
    Tty: false,
  },
};

/** Loads them as `docker load` does, for an import would clean them first. */
export async function loadImages({ docker }: TestEngine): Promise<void> {
  const layer = await buffer(rootFileSystem({}));
  const tar = pack();
  const manifest = Object.entries(images).map(([tag, config]) => {
    const bytes = Buffer.from(JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${digest(layer)}`] },
    }));
    tar.entry({ name: `${digest(bytes)}.json` }, bytes);
    return { Config: `${digest(bytes)}.json`, RepoTags: [tag], Layers: ["layer.tar"] };
  });
  tar.entry({ name: "layer.tar" }, layer);
  tar.entry({ name: "manifest.json" }, JSON.stringify(manifest));
  tar.finalize();
  await drain(await docker.loadImage(Readable.from(tar)));
}

/** Also from under containers that do not run. */
export async function removeImages({ docker }: TestEngine): Promise<void> {
  for (const tag of Object.keys(images)) await docker.getImage(tag).remove({ force: true });
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
