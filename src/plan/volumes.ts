import type { DesiredVolume } from "../model/desired.ts";
import { defaultVolumeDriver } from "../model/engine-defaults.ts";
import { compareText } from "../model/issue.ts";
import type { ObservedVolume } from "../model/observed.ts";
import type { Cause, FieldDifference } from "./cause.ts";
import type { PlanInput } from "./input.ts";
import { volumeLabels } from "./labels.ts";
import { optionText, valueText } from "./option-text.ts";
import type { ResourcePlan } from "./networks.ts";
import { newStep } from "./step-id.ts";

/** Creates what is missing. A volume that is there is never changed or removed: what differs is told. */
export function planVolumes(input: PlanInput): ResourcePlan {
  const plan: ResourcePlan = { steps: [], settle: [], differences: [], notices: [] };
  for (const [key, volume] of [...input.desired.volumes].sort(([a], [b]) => compareText(a, b))) {
    const resource = `volume/${key}`;
    const have = input.observed.volumes.find((candidate) => candidate.name === volume.spec.name);
    if (have) {
      const fields = volume.external ? [] : compareVolume(volume, have, input);
      if (fields.length > 0) plan.notices.push(differentVolume(resource, { volume, fields }));
      continue;
    }
    if (volume.external && !volume.create) continue; // an obstacle of the services that want it
    const cause: Cause = { kind: "missing" };
    const labels = volumeLabels(volume, input.desired, input);
    plan.steps.push(newStep({ resource, cause, needs: [] }, { kind: "volume.create", spec: volume.spec, labels }));
    plan.differences.push({ resource, cause, action: "create" });
  }
  return plan;
}

function compareVolume(want: DesiredVolume, have: ObservedVolume, input: PlanInput): FieldDifference[] {
  const masking = { ...input, labels: have.labels };
  const place = (key: string) => input.desired.positionOf(`volumes.${want.key}.${key}`);
  const path = (key: string) => ["volumes", want.key, key];
  const drivers = { want: want.spec.driver ?? defaultVolumeDriver, have: have.spec.driver ?? defaultVolumeDriver };
  const driver = {
    want: valueText(path("driver"), drivers.want, masking),
    have: valueText(path("driver"), drivers.have, masking),
  };
  const options = {
    want: optionText(path("driver_opts"), want.spec.driverOptions, masking),
    have: optionText(path("driver_opts"), have.spec.driverOptions, masking),
  };
  return [
    ...(driver.want === driver.have ? [] : [{ field: "driver", ...driver, position: place("driver") }]),
    ...(options.want === options.have ? [] : [{ field: "driver options", ...options, position: place("driver_opts") }]),
  ];
}

function differentVolume(resource: string, { volume, fields }: { volume: DesiredVolume; fields: FieldDifference[] }) {
  return {
    resource,
    severity: "warning" as const,
    message: `Volume "${volume.spec.name}" has other options than git: it keeps its data and is not changed`,
    hint:
      "give git the options that the volume has, or back it up, stop its users, remove it, and let holdfast create it",
    fields,
  };
}
