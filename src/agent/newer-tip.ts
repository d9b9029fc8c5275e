import type { Deployment } from "./deployment.ts";

/**
 * Asks now and then, while a revision is verified, whether a newer one waits. Only one that loads and that no policy denies
 * counts: for another one the host would leave a revision that may be good.
 *
 * @param known commits that are not newer: where the ref pointed when the pass began, what is verified, what is held
 */
export function newerTip(
  deployment: Deployment,
  known: readonly (string | undefined)[],
): (signal: AbortSignal) => Promise<boolean> {
  const { clock, source } = deployment.ports;
  const { intervalMs } = deployment.config;
  const seen = new Set(known);
  let nextMs = clock.monotonicMs() + intervalMs;
  return async (signal) => {
    if (clock.monotonicMs() < nextMs) return false;
    nextMs = clock.monotonicMs() + intervalMs;
    try {
      const tip = await source.resolve(signal);
      if (seen.has(tip.commit)) return false;
      seen.add(tip.commit);
      await source.fetch(tip, signal);
      const prepared = await deployment.revisions.prepare(deployment, tip.commit, signal);
      const verdicts = await deployment.revisions.judge(deployment, prepared, signal);
      return !verdicts.some(({ outcome }) => outcome === "denied");
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return false; // the next pass tells what is wrong with it
    }
  };
}
