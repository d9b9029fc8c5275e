import { compareText } from "../../model/issue.ts";
import { composeLabel } from "../../model/labels.ts";
import type { ObservedContainer, ObservedState } from "../../model/observed.ts";
import type { ObserveScope } from "../../ports/engine.ts";
import type {
  ApiContainer,
  ApiContainerEntry,
  ApiImage,
  ApiImageEntry,
  ApiNetwork,
  ApiVolume,
  Strings,
} from "./api.ts";
import type { ImageCatalog } from "./images.ts";
import type { Inspections } from "./inspections.ts";
import { readNetwork } from "./networks.ts";
import { inBatches } from "./parallel.ts";
import { entryName, type Surroundings, surroundings } from "./peers.ts";
import { readContainer } from "./read-container.ts";
import { readVolume } from "./volumes.ts";

/** The calls that a snapshot is made of. An inspection of something that is gone meanwhile gives undefined. */
export interface SnapshotCalls {
  listContainers(): Promise<readonly ApiContainerEntry[]>;
  listNetworks(): Promise<readonly ApiNetwork[]>;
  listVolumes(): Promise<readonly ApiVolume[]>;
  listImages(): Promise<readonly ApiImageEntry[]>;
  inspectContainer(id: string): Promise<ApiContainer | undefined>;
  inspectImage(id: string): Promise<ApiImage | undefined>;
}

/** More at once only makes the Engine slower (facts: the calls are bound by its processor time). */
const inspectionsAtOnce = 8;

/** One look at the host: four lists, and an inspection of each container that is not known as it is. */
export async function takeSnapshot(
  scope: ObserveScope,
  calls: SnapshotCalls,
  known: { readonly inspections: Inspections; readonly images: ImageCatalog },
): Promise<Omit<ObservedState, "engine">> {
  const [entries, networks, volumes, imageEntries] = await Promise.all([
    calls.listContainers(),
    calls.listNetworks(),
    calls.listVolumes(),
    calls.listImages(),
  ]);
  const inProject = (labels: Strings) => labels?.[composeLabel.project] === scope.project;
  const wanted = entries.filter((entry) => inProject(entry.Labels) || scope.containerNames.includes(entryName(entry)));
  const around = surroundings(scope.project, entries, networks);
  const containers = await inspectAll(wanted, { scope, calls, inspections: known.inspections, around });
  known.inspections.keepOnly(new Set(entries.map((entry) => entry.Id)));
  const references = [...scope.images, ...containers.flatMap((container) => [container.spec.image, container.imageId])];
  return {
    containers,
    networks: networks
      .filter((network) => inProject(network.Labels) || scope.networkNames.includes(network.Name))
      .map((network) => readNetwork(network, entries))
      .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    volumes: volumes
      .filter((volume) => inProject(volume.Labels) || scope.volumeNames.includes(volume.Name))
      .map(readVolume)
      .sort((a, b) => compareText(a.name, b.name)),
    images: await known.images.find(references, imageEntries, calls.inspectImage),
    foreignPorts: foreignPorts(entries.filter((entry) => !inProject(entry.Labels))),
  };
}

async function inspectAll(
  entries: readonly ApiContainerEntry[],
  how: {
    readonly scope: ObserveScope;
    readonly calls: SnapshotCalls;
    readonly inspections: Inspections;
    readonly around: Surroundings;
  },
): Promise<ObservedContainer[]> {
  const { inspections } = how;
  const inspected = await inBatches(entries, inspectionsAtOnce, async (entry) => {
    const kept = how.scope.full ? undefined : inspections.get(entry);
    return kept ?? await inspections.inspect(entry, how.calls.inspectContainer);
  });
  return inspected
    .filter((container) => container !== undefined)
    .map((container) => readContainer(container, how.around))
    .sort((a, b) => compareText(a.name, b.name));
}

/** `0.0.0.0:443/tcp` → the container that publishes it. */
function foreignPorts(entries: readonly ApiContainerEntry[]): ReadonlyMap<string, string> {
  const held = entries.flatMap((entry) =>
    (entry.Ports ?? []).filter((port) => port.PublicPort !== undefined).map((port) => {
      const address = port.IP?.includes(":") ? `[${port.IP}]` : port.IP ?? "0.0.0.0";
      return [`${address}:${port.PublicPort}/${port.Type}`, entryName(entry)] as const;
    })
  );
  return new Map(held.sort(([a], [b]) => compareText(a, b)));
}
