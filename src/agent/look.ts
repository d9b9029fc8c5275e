import type { ObservedState } from "../model/observed.ts";
import type { FilesState } from "../plan/input.ts";
import { slotNames } from "../plan/slots.ts";
import type { Deployment } from "./deployment.ts";
import type { PreparedRevision } from "./prepare.ts";
import { observeFiles } from "./switch-files.ts";

/** The host as it was seen at one moment: a plan is made from one look. */
export interface Look {
  readonly observed: ObservedState;
  readonly files: FilesState;
}

/** @param options.full inspects everything, whatever was seen before */
export async function look(
  deployment: Deployment,
  { prepared, full }: { readonly prepared: PreparedRevision; readonly full: boolean },
  signal: AbortSignal,
): Promise<Look> {
  const [observed, files] = await Promise.all([
    observe(deployment, { prepared, full }, signal),
    observeFiles(deployment, prepared, signal),
  ]);
  return { observed, files };
}

/** What the Engine has of a revision's project. */
export async function observe(
  deployment: Deployment,
  { prepared, full }: { readonly prepared: PreparedRevision; readonly full: boolean },
  signal: AbortSignal,
): Promise<ObservedState> {
  const { desired } = prepared;
  return await deployment.ports.engine.observe({
    project: desired.project,
    containerNames: [...desired.services.values()].flatMap(slotNames).sort(),
    networkNames: [...desired.networks.values()].map((network) => network.spec.name).sort(),
    volumeNames: [...desired.volumes.values()].map((volume) => volume.spec.name).sort(),
    images: [...new Set([...desired.services.values()].map((service) => service.spec.image))].sort(),
    full,
  }, signal);
}
