import { HoldfastError } from "../../model/error.ts";
import type { ApiContainer, ApiContainerEntry, ApiImage, ApiImageEntry, ApiNetwork, ApiVolume } from "./api.ts";
import type { Caller } from "./caller.ts";
import type { SnapshotCalls } from "./snapshot.ts";

/** All of the host, in every state: one call. */
export function listContainers(caller: Caller, signal: AbortSignal): Promise<ApiContainerEntry[]> {
  return caller.call(
    "list containers",
    { signal },
    ({ docker }, abortSignal) =>
      docker.listContainers({ all: true, abortSignal }) as Promise<unknown> as Promise<ApiContainerEntry[]>,
  );
}

/** @throws HoldfastError `ENGINE_GONE` */
export function inspectContainer(caller: Caller, id: string, signal: AbortSignal): Promise<ApiContainer> {
  return caller.onContainer(
    ["inspect %", id],
    { signal },
    (container, abortSignal) => container.inspect({ abortSignal }) as Promise<unknown> as Promise<ApiContainer>,
  );
}

/** @returns undefined when there is none */
export function inspectImage(caller: Caller, reference: string, signal: AbortSignal): Promise<ApiImage | undefined> {
  const inspected = caller.call(
    `inspect image "${reference}"`,
    { signal },
    ({ docker }) => docker.getImage(reference).inspect() as Promise<unknown> as Promise<ApiImage>,
  );
  return unlessGone(inspected);
}

/** What a snapshot asks. */
export function snapshotCalls(caller: Caller, signal: AbortSignal): SnapshotCalls {
  return {
    listContainers: () => listContainers(caller, signal),
    listNetworks: () =>
      caller.call(
        "list networks",
        { signal },
        ({ docker }, abortSignal) =>
          docker.listNetworks({ abortSignal } as object) as Promise<unknown> as Promise<ApiNetwork[]>,
      ),
    listVolumes: () =>
      caller.call(
        "list volumes",
        { signal },
        async ({ docker }, abortSignal) =>
          ((await docker.listVolumes({ abortSignal } as object)).Volumes ?? []) as ApiVolume[],
      ),
    listImages: () =>
      caller.call(
        "list images",
        { signal },
        ({ docker }, abortSignal) =>
          docker.listImages({ abortSignal } as object) as Promise<unknown> as Promise<ApiImageEntry[]>,
      ),
    inspectContainer: (id) => unlessGone(inspectContainer(caller, id, signal)),
    inspectImage: (id) => inspectImage(caller, id, signal),
  };
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "ENGINE_GONE") return undefined;
    throw error;
  }
}
