import { type Corrected, isGivenUp } from "./corrections.ts";
import { foundKeyText, foundText } from "./files.ts";
import type { PlanInput } from "./input.ts";
import type { ResourcePlan } from "./networks.ts";

/** What is left of something to be planned, without what is left alone since its corrections do not last. */
export interface Judged<Value> {
  readonly value: Value;
  readonly corrected: readonly Corrected[];
  readonly leftAlone: readonly Corrected[];
}

/** The input without the files, keys and secrets that are not as in git again and again. */
export function leaveFiles(input: PlanInput): Judged<PlanInput> {
  const { edited, keys, secrets } = input.files;
  const isLeft = (one: Corrected): boolean => isGivenUp(one, input);
  const all = [
    edited.map((file) => ({ file, corrected: ofFile(`file/${file.path}`, { ...file, have: foundText[file.found] }) })),
    keys.map((file) => ({ file, corrected: ofFile(`key/${file.path}`, { ...file, have: foundKeyText[file.found] }) })),
    secrets.map((file) => ({
      file,
      corrected: ofFile(`key/${file.path}`, { ...file, have: foundKeyText[file.found] }),
    })),
  ] as const;
  const fields = all.flat().map(({ corrected }) => corrected);
  const leftAlone = fields.filter(isLeft);
  if (leftAlone.length === 0) return { value: input, corrected: fields, leftAlone };
  const files = {
    edited: all[0].filter(({ corrected }) => !isLeft(corrected)).map(({ file }) => file),
    keys: all[1].filter(({ corrected }) => !isLeft(corrected)).map(({ file }) => file),
    secrets: all[2].filter(({ corrected }) => !isLeft(corrected)).map(({ file }) => file),
  };
  return { value: { ...input, files }, corrected: fields.filter((one) => !isLeft(one)), leftAlone };
}

function ofFile(resource: string, { want = "", have }: { readonly want?: string; readonly have: string }): Corrected {
  const difference = { field: "content", want: "as in git", have };
  return { resource, difference, id: "", definition: want, imageId: "", isFixed: false };
}

/** The plan of the networks without those that are replaced again and again. */
export function leaveNetworks(plan: ResourcePlan, input: PlanInput): Judged<ResourcePlan> {
  const fields = plan.differences.filter(({ action }) => action === "replace").map((difference) =>
    ofNetwork(difference, input)
  );
  const isLeft = (field: readonly Corrected[]): boolean =>
    field.length > 0 && field.every((one) => isGivenUp(one, input));
  const leftAlone = fields.filter(isLeft).flat();
  const corrected = fields.filter((field) => !isLeft(field)).flat();
  if (leftAlone.length === 0) return { value: plan, corrected, leftAlone };
  const isKept = ({ resource }: { readonly resource: string }): boolean =>
    !leftAlone.some((one) => one.resource === resource);
  const value = { ...plan, steps: plan.steps.filter(isKept), differences: plan.differences.filter(isKept) };
  return { value, corrected, leftAlone };
}

/** A network has no field that anybody can change. */
function ofNetwork({ resource, cause }: ResourcePlan["differences"][number], input: PlanInput): Corrected[] {
  const network = input.desired.networks.get(resource.slice("network/".length));
  const have = input.observed.networks.find(({ name }) => name === network?.spec.name);
  if (!network || !have || !("fields" in cause)) return [];
  const isFixed = cause.kind === "drifted" && input.inventory.made?.[have.id] !== undefined;
  return cause.fields.map((difference) => ({
    resource,
    difference,
    id: have.id,
    definition: network.configHash,
    imageId: "",
    isFixed,
  }));
}
