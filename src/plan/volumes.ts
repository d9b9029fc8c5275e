import type { DesiredVolume } from "../model/desired.ts";
import { defaultVolumeDriver } from "../model/engine-defaults.ts";
import { compareText } from "../model/issue.ts";
import type { ObservedVolume } from "../model/observed.ts";
import type { Cause } from "./cause.ts";
import { compareDefinition, type DefinitionVerdict } from "./compare-definition.ts";
import { labeledDefinition, volumeDefinition } from "./definition.ts";
import { foreignNotice } from "./foreign.ts";
import type { PlanInput } from "./input.ts";
import { volumeLabels } from "./labels.ts";
import type { ResourcePlan } from "./networks.ts";
import { newStep } from "./step-id.ts";

/** Creates what is missing. A volume that is there is never changed or removed: what differs is told. */
export function planVolumes(input: PlanInput): ResourcePlan {
  const plan: ResourcePlan = { steps: [], settle: [], differences: [], notices: [] };
  for (const [key, volume] of [...input.desired.volumes].sort(([a], [b]) => compareText(a, b))) {
    const resource = `volume/${key}`;
    const have = input.observed.volumes.find((candidate) => candidate.name === volume.spec.name);
    if (have) {
      if (volume.external) continue;
      const foreign = foreignNotice({ resource, kind: "volume", name: have.name, labels: have.labels }, input);
      if (foreign) plan.notices.push(foreign);
      const verdict = compareVolume(volume, have, input);
      if (verdict.fields.length > 0) plan.notices.push(differentVolume(resource, { volume, verdict }));
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

/** Options that nobody gave a local volume it does not have; a plugin may add some of its own. */
function compareVolume(want: DesiredVolume, have: ObservedVolume, input: PlanInput): DefinitionVerdict {
  const isLocal = (have.spec.driver ?? defaultVolumeDriver) === defaultVolumeDriver;
  const found = volumeDefinition(have.spec);
  const options = [...found.keys()].filter((key) => key.startsWith("driver_opts."));
  return compareDefinition({
    path: ["volumes", want.key],
    want: volumeDefinition(want.spec),
    have: found,
    defaults: { driver: defaultVolumeDriver },
    fixed: ["driver", ...(isLocal ? options : [])],
    isOperators: () => true,
    recorded: labeledDefinition(have.labels, input.digestKey) ?? input.inventory.definitions?.[`volume/${have.name}`],
    labels: have.labels,
    configHash: want.configHash,
  }, input);
}

function differentVolume(resource: string, { volume, verdict }: { volume: DesiredVolume; verdict: DefinitionVerdict }) {
  const what = verdict.git === "changed"
    ? "was made from another definition than git has now"
    : "has other options than git";
  return {
    resource,
    severity: "warning" as const,
    message: `Volume "${volume.spec.name}" ${what}: it keeps its data and is not changed`,
    hint:
      "give git the options that the volume has, or back it up, stop its users, remove it, and let holdfast create it",
    fields: verdict.fields,
  };
}
