import type Docker from "dockerode";
import type { ContainerSpec } from "../../model/container.ts";
import type { CreateOptions } from "../../ports/engine.ts";
import type { ApiContainer } from "./api.ts";
import type { Caller } from "./caller.ts";
import { createBody } from "./create-body.ts";
import { endpointSettings } from "./endpoint.ts";
import { inspectContainer, inspectImage } from "./look-ups.ts";
import { anonymousVolumes } from "./read-mounts.ts";

export interface NewContainer {
  readonly name: string;
  readonly spec: ContainerSpec;
  readonly options: CreateOptions;
}

/** Creates a container with all its networks; nothing is left behind when one of them cannot be connected. */
export async function createContainer(caller: Caller, wanted: NewContainer, signal: AbortSignal): Promise<string> {
  const { name, spec } = wanted;
  const { api } = await caller.connect(signal);
  const inherited = await inheritedVolumes(caller, wanted, signal);
  const labels = await allLabels(caller, wanted, signal);
  const { body, later } = createBody(spec, { api, labels, inherited });
  const query = { name, ...(spec.platform ? { platform: spec.platform } : {}) };
  const id = await caller.call(`create container "${name}"`, { signal }, async ({ docker }, abortSignal) => {
    const call = { _query: query, _body: body, abortSignal } as Docker.ContainerCreateOptions;
    return (await docker.createContainer(call)).id;
  });
  try {
    for (const attachment of later) {
      const Endpoint = endpointSettings(attachment, { api, links: spec.links });
      await connect(caller, { network: attachment.name, container: { id, name }, Endpoint }, signal);
    }
  } catch (error) {
    await removeQuietly(caller, id); // the first error is the one to report
    throw error;
  }
  return id;
}

async function connect(
  caller: Caller,
  { network, container, Endpoint }: { network: string; container: { id: string; name: string }; Endpoint: object },
  signal: AbortSignal,
): Promise<void> {
  const action = `connect container "${container.name}" to network "${network}"`;
  await caller.call(
    action,
    { signal },
    ({ docker }, abortSignal) =>
      docker.getNetwork(network).connect({ Container: container.id, EndpointConfig: Endpoint, abortSignal } as object),
  );
}

async function removeQuietly(caller: Caller, id: string): Promise<void> {
  const signal = new AbortController().signal; // also when the caller has given up
  const work = (container: Docker.Container, abortSignal: AbortSignal) => container.remove({ v: true, abortSignal });
  await caller.onContainer(["remove %", id], { signal }, work).catch(() => {});
}

async function allLabels(
  caller: Caller,
  { spec, options: { labels, imageIdLabel } }: NewContainer,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (imageIdLabel === undefined) return labels;
  const image = await inspectImage(caller, spec.image, signal);
  return { ...labels, [imageIdLabel]: image?.Id ?? "" }; // without the image the creation fails, and says so
}

/** The anonymous volumes of the predecessor that the new container has a place for. */
async function inheritedVolumes(
  caller: Caller,
  { spec, options }: NewContainer,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  if (options.volumesOf === undefined) return new Map();
  const predecessor: ApiContainer = await inspectContainer(caller, options.volumesOf, signal);
  const volumes = anonymousVolumes(predecessor);
  if (volumes.size === 0) return volumes;
  const image = await inspectImage(caller, spec.image, signal);
  const unnamed = spec.mounts.filter((mount) => mount.type === "volume" && mount.source === "").map((mount) =>
    mount.target
  );
  const other = new Set(spec.mounts.map((mount) => mount.target));
  const implied = Object.keys(image?.Config?.Volumes ?? {}).filter((target) => !other.has(target));
  const places = new Set([...unnamed, ...implied]);
  return new Map([...volumes].filter(([target]) => places.has(target)));
}
