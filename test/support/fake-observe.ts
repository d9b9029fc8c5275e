import type { NetworkSpec, VolumeSpec } from "../../src/model/container.ts";
import {
  defaultIpamDriver,
  defaultLoggingDriver,
  defaultNetworkDriver,
  defaultRuntime,
  defaultVolumeDriver,
} from "../../src/model/engine-defaults.ts";
import { compareText } from "../../src/model/issue.ts";
import { composeLabel, isIdentityLabel } from "../../src/model/labels.ts";
import type {
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedState,
  ObservedVolume,
} from "../../src/model/observed.ts";
import type { ObserveScope } from "../../src/ports/engine.ts";
import { isUp } from "./fake-acts.ts";
import { readBack } from "./fake-readback.ts";
import type { FakeContainer, FakeHost, FakeNetwork, FakeVolume } from "./fake-host.ts";

/** The snapshot that a real Engine would give of this host, sorted by name. */
export function observeFake(host: FakeHost, scope: ObserveScope): ObservedState {
  const inProject = (labels: Readonly<Record<string, string>>) => labels[composeLabel.project] === scope.project;
  const containers = [...host.containers.values()].filter((c) =>
    inProject(c.labels) || scope.containerNames.includes(c.name)
  );
  return {
    engine: {
      version: "28.5.2",
      apiVersion: "1.51",
      os: "linux",
      architecture: "amd64",
      defaults: { loggingDriver: defaultLoggingDriver, runtime: defaultRuntime },
    },
    containers: containers.map(observedContainer).sort((a, b) => compareText(a.name, b.name)),
    networks: [...host.networks.values()]
      .filter((network) => inProject(network.labels) || scope.networkNames.includes(network.spec.name))
      .map((network) => observedNetwork(host, network))
      .sort((a, b) => compareText(a.name, b.name)),
    volumes: [...host.volumes.values()]
      .filter((volume) => inProject(volume.labels) || scope.volumeNames.includes(volume.spec.name))
      .map(observedVolume)
      .sort((a, b) => compareText(a.name, b.name)),
    images: observedImages(host, [...scope.images, ...containers.flatMap((c) => [c.spec.image, c.image.id])]),
    foreignPorts: foreignPorts(host, inProject),
  };
}

function observedContainer(container: FakeContainer): ObservedContainer {
  return {
    id: container.id,
    name: container.name,
    state: container.state,
    imageId: container.image.id,
    labels: container.labels,
    spec: readBack(container.id, container.spec, container.image.defaults),
    createdAt: container.createdAt,
  };
}

function observedNetwork(host: FakeHost, { id, spec, labels }: FakeNetwork): ObservedNetwork {
  const connected = [...host.containers.values()]
    .filter((c) => !c.stale.has(spec.name) && c.spec.networks.some(({ name }) => name === spec.name));
  const ipam: NetworkSpec["ipam"] = {
    ...spec.ipam,
    driver: spec.ipam.driver ?? defaultIpamDriver,
    configs: spec.ipam.configs.length > 0
      ? spec.ipam.configs
      : [{ subnet: "172.18.0.0/16", gateway: "172.18.0.1", auxAddresses: {} }],
  };
  return {
    id,
    name: spec.name,
    labels,
    spec: {
      ...spec,
      driver: spec.driver ?? defaultNetworkDriver,
      enableIpv4: spec.enableIpv4 ?? true,
      enableIpv6: spec.enableIpv6 ?? false,
      ipam,
      labels: operatorLabels(labels),
    },
    members: connected.map((c) => ({ id: c.id, name: c.name, isUp: isUp(c) }))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}

function observedVolume({ spec, labels }: FakeVolume): ObservedVolume {
  const read: VolumeSpec = { ...spec, driver: spec.driver ?? defaultVolumeDriver, labels: operatorLabels(labels) };
  return { name: spec.name, labels, spec: read };
}

function observedImages(host: FakeHost, references: readonly string[]): ReadonlyMap<string, ObservedImage> {
  const found = new Map<string, ObservedImage>();
  for (const reference of [...new Set(references)].sort()) {
    const image = host.images.get(host.tags.get(reference) ?? reference);
    if (!image) continue;
    const tags = [...host.tags].filter(([, id]) => id === image.id).map(([tag]) => tag);
    found.set(reference, { id: image.id, references: tags.sort(), defaults: image.defaults });
  }
  return found;
}

function foreignPorts(
  host: FakeHost,
  inProject: (labels: Readonly<Record<string, string>>) => boolean,
): ReadonlyMap<string, string> {
  const held = [...host.containers.values()]
    .filter((c) => c.state.status === "running" && !inProject(c.labels))
    .flatMap((c) =>
      c.spec.ports.map((port) => [`${port.hostIp || "0.0.0.0"}:${port.published}/${port.protocol}`, c.name] as const)
    );
  return new Map(held.sort(([a], [b]) => compareText(a, b)));
}

function operatorLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !isIdentityLabel(name)));
}
