import type { ContainerSpec, Healthcheck } from "./container.ts";
import type { ImageDefaults } from "./observed.ts";

/*
 * What a container has where its creator said nothing, on the Engines 20.10 to 28.5. The daemon's own configuration may
 * change some of it (logging driver, runtime, ipc, shared memory): `EngineFacts.defaults` holds what the daemon tells.
 */

export const defaultShmSizeBytes = 64 * 1024 * 1024;
export const defaultLoggingDriver = "json-file";
export const defaultRuntime = "runc";
export const defaultIpc = "private";
export const defaultNetworkDriver = "bridge";
export const defaultIpamDriver = "default";
export const defaultVolumeDriver = "local";

/** With a memory limit and no swap limit the Engine allows as much swap as memory. */
export function defaultMemorySwapBytes(memoryBytes: number): number {
  return 2 * memoryBytes;
}

/** Beside a `network_mode` other than `bridge` the Engine leaves the published ports of a container out. */
export function publishesPorts(networkMode: string | undefined): boolean {
  return networkMode === undefined || networkMode === "bridge" || networkMode === "default";
}

export function publishedPorts(
  { networkMode, ports }: Pick<ContainerSpec, "networkMode" | "ports">,
): ContainerSpec["ports"] {
  return publishesPorts(networkMode) ? ports : [];
}

/** The Engine names a container without a hostname after the first 12 digits of its id. */
export function defaultHostname(containerId: string): string {
  return containerId.slice(0, 12);
}

/** Security options that the Engine adds by itself: a container that shares so much has no SELinux label. */
export function impliedSecurityOptions(spec: Pick<ContainerSpec, "privileged" | "pid" | "ipc">): readonly string[] {
  return spec.privileged || spec.pid === "host" || spec.ipc === "host" ? ["label=disable"] : [];
}

/**
 * Command and entrypoint as the Engine combines them: an image's command belongs to the image's entrypoint and is dropped
 * with it. An empty command is none, an empty entrypoint takes the image's away, and `[""]` is how clients ask for that.
 */
export function effectiveCommand(
  spec: Pick<ContainerSpec, "command" | "entrypoint">,
  image: Pick<ImageDefaults, "command" | "entrypoint">,
): { readonly command: readonly string[]; readonly entrypoint: readonly string[] } {
  const own = spec.entrypoint?.length === 1 && spec.entrypoint[0] === "" ? [] : spec.entrypoint;
  const keepsCommand = !spec.entrypoint?.length && !spec.command?.length;
  return { entrypoint: own ?? image.entrypoint, command: keepsCommand ? image.command : spec.command ?? [] };
}

/** A health check as the Engine merges it: each field that the service leaves out is the image's. */
export function effectiveHealthcheck(
  want: Healthcheck | undefined,
  image: Healthcheck | undefined,
): Healthcheck | undefined {
  if (!want || !image) return want ?? image;
  const merged: Record<string, unknown> = { ...image };
  for (const [field, value] of Object.entries(want)) {
    if (value !== undefined && value !== 0 && !(field === "test" && want.test.length === 0)) merged[field] = value;
  }
  return merged as unknown as Healthcheck;
}
