import type { VolumeSpec } from "../../model/container.ts";
import type { ObservedVolume } from "../../model/observed.ts";
import { type ApiVolume, defined, sortedMap } from "./api.ts";
import { operatorLabels } from "./read-container.ts";

/** The body of VolumeCreate. */
export function volumeBody(spec: VolumeSpec, labels: Readonly<Record<string, string>>): object {
  return defined({
    Name: spec.name,
    Driver: spec.driver,
    DriverOpts: Object.keys(spec.driverOptions).length > 0 ? spec.driverOptions : undefined,
    Labels: { ...spec.labels, ...labels },
  });
}

/** A volume as the Engine lists it, in the words of the desired state. */
export function readVolume(volume: ApiVolume): ObservedVolume {
  return {
    name: volume.Name,
    labels: sortedMap(volume.Labels),
    spec: {
      name: volume.Name,
      driver: volume.Driver,
      driverOptions: sortedMap(volume.Options),
      labels: operatorLabels(volume.Labels),
    },
  };
}
