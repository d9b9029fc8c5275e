import { asHoldfastError } from "../model/error.ts";
import type { Ledger } from "../model/ledger.ts";
import { shortCommit } from "../model/revision.ts";
import { plural } from "../report/words.ts";
import type { Deployment } from "./deployment.ts";

/**
 * Puts keys and secrets back on tmpfs after a boot, before the Engine starts the containers that bind them: those of the
 * revision whose files lie in the checkout, from ledger and object store alone. No network and no Engine is asked.
 *
 * @returns `failed` when those of a deployment could not be placed; the journal says why, and all others were
 */
export async function placeAllKeys(
  deployments: readonly Deployment[],
  signal: AbortSignal,
): Promise<"placed" | "failed"> {
  let result: "placed" | "failed" = "placed";
  for (const deployment of deployments) {
    const { log } = deployment.ports;
    const { name } = deployment.config;
    try {
      log.write("info", await placeKeys(deployment, signal), { deployment: name, event: "keys" });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const { code, message, hint } = asHoldfastError(thrown);
      log.write("error", `${message} (${code})`, { deployment: name, code });
      log.write("error", `  hint: ${hint}`, { deployment: name, code, event: "hint" });
      result = "failed";
    }
  }
  return result;
}

/** @returns what was done, for the journal */
async function placeKeys(deployment: Deployment, signal: AbortSignal): Promise<string> {
  const { hostFiles, store } = deployment.ports;
  if (deployment.config.mode !== "enforce") return `no keys placed: mode "${deployment.config.mode}" writes none`;
  const commit = placedCommit(await store.readLedger(deployment.config.name));
  if (commit === undefined) return "no keys placed: no revision was ever applied";
  const { keys, desired } = await deployment.revisions.prepare(deployment, commit, signal);
  if (keys) await hostFiles.placeKeys(keys.files, keys.into, signal);
  await hostFiles.placeSecrets(desired.secretFiles, signal);
  const counts = [plural(keys?.files.length ?? 0, "key"), plural(desired.secretFiles.length, "secret")];
  return `${counts.join(" and ")} of ${shortCommit(commit)} placed`;
}

/** The containers were made for the files in the checkout; while those were being switched, for the applied revision. */
function placedCommit({ placed, applied }: Ledger): string | undefined {
  return placed.length === 1 ? placed[0] : applied?.commit;
}
