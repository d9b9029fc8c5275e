import { asHoldfastError } from "../model/error.ts";
import type { Ledger } from "../model/ledger.ts";
import { serviceDigest } from "../plan/service-digest.ts";
import type { Deployment } from "./deployment.ts";
import type { PreparedRevision } from "./prepare.ts";

/**
 * The applied revision with the keys that an earlier process placed on tmpfs: for an agent that starts while the bundle
 * cannot be opened. Only where they are the keys that its containers were made with.
 *
 * @returns undefined where they are not, or none are there (after a boot)
 */
export async function placedRevision(
  deployment: Deployment,
  { commit, ledger }: { readonly commit: string; readonly ledger: Ledger },
  signal: AbortSignal,
): Promise<PreparedRevision | undefined> {
  const isPlaced = ledger.placed.length === 1 && ledger.placed[0] === commit;
  if (!isPlaced || ledger.applied?.commit !== commit) return undefined;
  const keys = await deployment.ports.hostFiles.readKeys(signal);
  const { revisions } = deployment;
  const prepared = await revisions.prepareWith(keys, { deployment, commit }, signal).catch((thrown: unknown) => {
    if (signal.aborted || asHoldfastError(thrown).code !== "REVISION_INVALID") throw thrown;
    return undefined; // keys that it names are not there
  });
  if (!prepared || !isAsApplied(deployment, { prepared, ledger })) return undefined;
  revisions.keep(prepared);
  return prepared;
}

/** The digest of a service covers the keys that it binds and those in its values. */
function isAsApplied(
  { digestKey }: Deployment,
  { prepared, ledger }: { readonly prepared: PreparedRevision; readonly ledger: Ledger },
): boolean {
  const { services } = ledger.inventory;
  return [...prepared.desired.services.values()].every((service) =>
    services[service.key] === undefined || services[service.key]?.digest === serviceDigest(service, digestKey)
  );
}
