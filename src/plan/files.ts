import type { Cause } from "./cause.ts";
import type { DesiredService } from "../model/desired.ts";
import { filesDiffer, type FilesState, type PlanInput } from "./input.ts";
import type { ResourcePlan } from "./networks.ts";
import type { Step } from "./step.ts";
import { newStep } from "./step-id.ts";

/**
 * The switch of checkout, keys and secrets to the revision: after the pulls, before anything that may read them. While
 * git moves the revision's own changes are no news; with the same revision each file that differs is drift.
 */
export function planFiles(pulls: readonly Step[], input: PlanInput): ResourcePlan {
  const plan: ResourcePlan = { steps: [], settle: [], differences: [], notices: [] };
  if (!filesDiffer(input.files)) return plan;
  const cause = revisionCause(input);
  plan.steps.push(newStep({ resource: "files", cause, needs: pulls.map((step) => step.id) }, { kind: "files.switch" }));
  if (cause.kind === "drifted") plan.differences.push(...editedDifferences(input));
  return plan;
}

/** What was done to a file on the host. */
export const foundText = {
  missing: "removed on the host",
  edited: "edited on the host",
  mode: "other permissions on the host",
  replaced: "replaced on the host",
};

/** tmpfs is empty after a boot: nobody removed a key then. */
export const foundKeyText = { missing: "not in place on the host", edited: "edited on the host" };

function editedDifferences({ files }: PlanInput) {
  const drifted = (field: string, have: string): Cause => ({
    kind: "drifted",
    fields: [{ field, want: "as in git", have }],
  });
  return [
    ...files.edited.map((file) => ({
      resource: `file/${file.path}`,
      cause: drifted("content", foundText[file.found]),
      action: "restore",
    })),
    ...[...files.keys, ...files.secrets].map(({ path, found }) => ({
      resource: `key/${path}`,
      cause: drifted("content", foundKeyText[found]),
      action: "restore",
    })),
  ];
}

/** The cause of a step that concerns the revision as a whole. */
function revisionCause(input: PlanInput): Cause {
  if (input.appliedCommit === undefined) return { kind: "missing" };
  return { kind: input.appliedCommit === input.commit && !input.goingBack ? "drifted" : "changed", fields: [] };
}

/** Whether a service binds any of the files that are not in place. */
export function bindsAnyOf(service: DesiredService, files: FilesState): boolean {
  return service.boundFiles.some(({ origin, path }) => {
    if (origin !== "checkout") return (origin === "keys" ? files.keys : files.secrets).length > 0;
    return files.edited.some((file) => file.path === path || file.path.startsWith(`${path}/`));
  });
}
