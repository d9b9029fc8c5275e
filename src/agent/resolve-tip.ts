import { asHoldfastError } from "../model/error.ts";
import { enforcedCommit, type Ledger } from "../model/ledger.ts";
import type { Tip } from "../ports/source.ts";
import { reportError } from "../report/report.ts";
import type { Deployment } from "./deployment.ts";
import type { Pass } from "./pass.ts";

/**
 * Where the ref points, with that commit in the object store. When the source cannot say, the applied revision stays
 * enforced without it, and the report says why.
 *
 * @returns undefined when the source failed and a revision is applied
 * @throws HoldfastError `SOURCE_*` when nothing was ever applied
 */
export async function resolveTip(
  { ports }: Deployment,
  { pass, ledger }: { readonly pass: Pass; readonly ledger: Ledger },
  signal: AbortSignal,
): Promise<Tip | undefined> {
  try {
    const tip = await pass.activity.during("asking the repository", () => ports.source.resolve(signal));
    pass.note({ tip: { commit: tip.commit } });
    pass.note({ tip: await pass.activity.during("fetching", () => ports.source.fetch(tip, signal)) });
    return tip;
  } catch (thrown) {
    if (signal.aborted || enforcedCommit(ledger) === undefined) throw thrown;
    pass.note({ error: reportError(asHoldfastError(thrown)) });
    return undefined;
  }
}
