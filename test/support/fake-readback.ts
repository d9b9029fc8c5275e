import type { ContainerSpec, Mount } from "../../src/model/container.ts";
import {
  defaultHostname,
  defaultIpc,
  defaultLoggingDriver,
  defaultMemorySwapBytes,
  defaultRuntime,
  defaultShmSizeBytes,
  effectiveCommand,
  effectiveHealthcheck,
  impliedSecurityOptions,
} from "../../src/model/engine-defaults.ts";
import { isIdentityLabel } from "../../src/model/labels.ts";
import type { ImageDefaults } from "../../src/model/observed.ts";

/** What an Engine reports of a container that was created with `spec`: merged with the image, defaults filled in. */
export function readBack(id: string, spec: ContainerSpec, image: ImageDefaults): ContainerSpec {
  const { command, entrypoint } = effectiveCommand(spec, image);
  return {
    ...spec,
    command: optionalList(command),
    entrypoint: optionalList(entrypoint),
    environment: { ...image.environment, ...spec.environment },
    labels: operatorLabels({ ...image.labels, ...spec.labels }),
    user: spec.user || image.user || undefined,
    workingDir: spec.workingDir || image.workingDir || undefined,
    stopSignal: spec.stopSignal || image.stopSignal || undefined,
    hostname: spec.hostname || (spec.networkMode === "host" ? "host" : defaultHostname(id)),
    healthcheck: effectiveHealthcheck(spec.healthcheck, image.healthcheck),
    exposedPorts: [...new Set([...image.exposedPorts, ...spec.exposedPorts])].sort(),
    mounts: mountsWithImageVolumes(spec.mounts, image.volumes),
    tty: spec.tty ?? false,
    stdinOpen: spec.stdinOpen ?? false,
    privileged: spec.privileged ?? false,
    readOnly: spec.readOnly ?? false,
    logging: spec.logging?.driver
      ? spec.logging
      : { driver: defaultLoggingDriver, options: spec.logging?.options ?? {} },
    resources: readBackResources(spec.resources),
    securityOpt: [...new Set([...spec.securityOpt, ...impliedSecurityOptions(spec)])],
    shmSizeBytes: spec.shmSizeBytes || defaultShmSizeBytes,
    ipc: spec.ipc || defaultIpc,
    cgroup: spec.cgroup || "host",
    runtime: spec.runtime || defaultRuntime,
    oomKillDisable: spec.oomKillDisable ?? false,
    platform: undefined,
  };
}

/** With the swap limit that the Engine takes, and without the zeros that mean "none". */
export function readBackResources(resources: ContainerSpec["resources"]): ContainerSpec["resources"] {
  const swap = resources.memorySwapBytes || (resources.memoryBytes ? defaultMemorySwapBytes(resources.memoryBytes) : 0);
  const known = Object.entries({ ...resources, memorySwapBytes: swap }).filter(([, value]) =>
    value !== 0 && value !== undefined
  );
  return Object.fromEntries(known);
}

function operatorLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !isIdentityLabel(name)));
}

function mountsWithImageVolumes(mounts: readonly Mount[], volumes: readonly string[]): readonly Mount[] {
  const taken = new Set(mounts.map((mount) => mount.target));
  const added = volumes.filter((target) => !taken.has(target))
    .map((target): Mount => ({ type: "volume", source: "", target, readOnly: false }));
  return [...mounts, ...added].sort((a, b) => a.target < b.target ? -1 : 1);
}

function optionalList(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? values : undefined;
}
