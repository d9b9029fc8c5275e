import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { gitSource, type GitSourceOptions } from "../../../src/adapters/git/git-source.ts";
import { HoldfastError } from "../../../src/model/error.ts";
import type { RevisionFiles } from "../../../src/model/files.ts";
import type { Source } from "../../../src/ports/source.ts";
import { type Removable, removable } from "../../support/removable.ts";
import type { Repository } from "../../support/repository.ts";
import { tempFolder } from "../../support/temp.ts";

/** Nobody cancels. */
export const calm = new AbortController().signal;

/** Fails soon where the source would wait long. */
export const shortTimeouts = { connectMs: 1000, headersMs: 1000, bodyIdleMs: 1000, totalMs: 20_000 };

/** A source with an object store of its own. */
export function sourceOf(
  repository: string,
  options: Partial<GitSourceOptions> = {},
): Source & Removable & { store: string } {
  const folder = tempFolder("store");
  const store = `${folder.path}/objects`;
  const source = gitSource({ repository, storeFolder: store, ref: "main", ...options });
  return removable({ ...source, store }, () => folder.dispose());
}

/** Resolves, fetches and reads, as a pass does. */
export async function readAll(source: Source, signal = calm) {
  const tip = await source.resolve(signal);
  await source.fetch(tip, signal);
  return await source.read(tip.commit, signal);
}

/** What is thrown, checked to be an error for people: a code, a retry and a hint. */
export async function failure(work: Promise<unknown>): Promise<HoldfastError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof HoldfastError, String((error as Error).stack));
    assert.notEqual(error.hint, "");
    assert.match(error.message, /^Cannot /);
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

export function textOf(files: RevisionFiles, path: string): string | undefined {
  const file = files.get(path);
  return file && Buffer.from(file.bytes).toString();
}

/** Makes and pushes an annotated tag. */
export async function annotate(repository: Repository, name: string, target: string, ...push: string[]): Promise<void> {
  const tagger = ["-c", "user.name=Ops", "-c", "user.email=ops@example.com"];
  await repository.git(...tagger, "tag", "--annotate", "--message", name, name, target);
  await repository.git("push", "--quiet", ...push, "origin", `refs/tags/${name}`);
}

export type Proxy = Removable & { readonly url: string; connections(): number; closeConnections(): void };

/**
 * Stands between a source and a git server.
 *
 * @param options.protocol "v0": the server never learns that the client speaks a newer protocol
 */
export async function proxyTo(server: string, options: { protocol: "v0" | "any" }): Promise<Proxy> {
  let connections = 0;
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers };
    if (options.protocol === "v0") delete headers["git-protocol"];
    const onward = httpRequest(server + incoming.url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  proxy.on("connection", () => connections++);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const closeConnections = () => proxy.closeAllConnections();
  return removable({ url, connections: () => connections, closeConnections }, () =>
    new Promise<void>((resolve) => {
      proxy.close(() => resolve());
      proxy.closeAllConnections();
    }));
}
