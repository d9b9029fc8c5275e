import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { type EngineNetwork, listenInEngineNetwork } from "../../support/namespace.ts";
import { type Removable, removable } from "../../support/removable.ts";

export interface Registry extends Removable {
  /** As references name it. */
  readonly host: string;
  /** Makes a small new image and moves the tag to it. */
  push(name: string, tag: string): Promise<void>;
  /** From here on only who knows these may pull. */
  protect(username: string, password: string): void;
}

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/** A registry of Docker images in the Engine's network, as far as a pull asks one. */
export async function registry(network: EngineNetwork): Promise<Registry> {
  const blobs = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    const isAllowed = authorization === undefined || request.headers.authorization === authorization;
    if (!isAllowed) unauthorized(response);
    else serve(request, response, { blobs, tags });
  });
  const listener = await listenInEngineNetwork(network);
  const { port } = listener.address() as AddressInfo;
  server.listen(listener);
  const store = (bytes: Buffer, mediaType: string) => {
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  return removable({
    host: `127.0.0.1:${port}`,
    push: async (name: string, tag: string) => {
      const tar = pack();
      tar.entry({ name: "file" }, randomBytes(200_000).toString("hex"));
      tar.finalize();
      const layer = await buffer(tar);
      const diffId = `sha256:${createHash("sha256").update(layer).digest("hex")}`;
      const config = {
        architecture: "amd64",
        os: "linux",
        config: {},
        rootfs: { type: "layers", diff_ids: [diffId] },
        history: [{}],
      };
      const manifest = {
        schemaVersion: 2,
        mediaType: manifestType,
        config: store(Buffer.from(JSON.stringify(config)), "application/vnd.docker.container.image.v1+json"),
        layers: [store(gzipSync(layer), "application/vnd.docker.image.rootfs.diff.tar.gzip")],
      };
      tags.set(`${name}:${tag}`, store(Buffer.from(JSON.stringify(manifest)), manifestType).digest);
    },
    protect: (username: string, password: string) => {
      authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    },
  }, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}

function unauthorized(response: ServerResponse): void {
  response.writeHead(401, { "www-authenticate": 'Basic realm="test"', "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }));
}

function serve(
  { url = "", method }: IncomingMessage,
  response: ServerResponse,
  { blobs, tags }: { blobs: ReadonlyMap<string, Buffer>; tags: ReadonlyMap<string, string> },
): void {
  if (url === "/v2/") return void response.writeHead(200).end("{}");
  const [, name = "", kind = "", ref = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
  const digest = tags.get(`${name}:${ref}`) ?? ref;
  const bytes = blobs.get(digest);
  if (!bytes) {
    response.writeHead(404, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }));
  }
  const type = kind === "manifests" ? manifestType : "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-length": bytes.length, "docker-content-digest": digest });
  response.end(method === "HEAD" ? undefined : bytes);
}
