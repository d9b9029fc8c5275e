import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

/** What an image gives its containers, in the Engine's own words. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly WorkingDir?: string;
}

/** One image: its name, its file systems from the bottom up (tar archives), and its configuration. */
export interface ImageRecipe {
  readonly reference: string;
  readonly layers: readonly Buffer[];
  readonly config: ImageConfig;
}

/** A file, or a link, of a layer. */
export type LayerEntry =
  | { readonly path: string; readonly mode: number; readonly content: Buffer | string }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly folderMode: number };

/** A layer's tar. The same entries give the same bytes; parent folders are made by whoever unpacks it. */
export async function layer(entries: readonly LayerEntry[]): Promise<Buffer> {
  const tar = pack();
  const mtime = new Date(0);
  for (const entry of entries) {
    const name = entry.path.replace(/^\//, "");
    if ("link" in entry) tar.entry({ name, mtime, type: "symlink", linkname: entry.link });
    else if ("folderMode" in entry) tar.entry({ name, mtime, type: "directory", mode: entry.folderMode });
    else tar.entry({ name, mtime, mode: entry.mode }, entry.content);
  }
  tar.finalize();
  return await buffer(tar);
}

/**
 * The archive that `POST /images/load` takes, as `docker save` writes it: layers that images share are in it once.
 *
 * @see Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format"
 */
export async function imageArchive(images: readonly ImageRecipe[]): Promise<Buffer> {
  const entries = new Map<string, Buffer>();
  const manifest = images.map(({ reference, layers, config }) => {
    const digests = layers.map(sha256);
    layers.forEach((bytes, at) => entries.set(`${digests[at]}/layer.tar`, bytes));
    const image = Buffer.from(JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config,
      rootfs: { type: "layers", diff_ids: digests.map((digest) => `sha256:${digest}`) },
    }));
    const name = `${sha256(image)}.json`;
    entries.set(name, image);
    return { Config: name, RepoTags: [reference], Layers: digests.map((digest) => `${digest}/layer.tar`) };
  });
  entries.set("manifest.json", Buffer.from(JSON.stringify(manifest)));
  return await layer([...entries].map(([path, content]) => ({ path, mode: 0o644, content })));
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
