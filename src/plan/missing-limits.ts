import type { ObservedState } from "../model/observed.ts";
import type { Finding } from "./finding.ts";

/** Limits that no call changes on a live container, and that an Engine leaves out where the kernel lacks them. */
const optionalLimits: readonly string[] = [
  "mem_swappiness",
  "oom_kill_disable",
  "blkio_config",
  "cpu_rt_period",
  "cpu_rt_runtime",
];

/**
 * Findings without those that the host cannot mend: a container that was made from what git says now, and has no such
 * limit, is on a kernel that lacks it. A new one would lack it too.
 *
 * @param madeAsWanted whether the container's digest is that of what git says
 */
export function withoutMissingLimits(
  findings: readonly Finding[],
  { madeAsWanted, engine }: { readonly madeAsWanted: boolean; readonly engine: ObservedState["engine"] },
): Finding[] {
  return findings.filter(({ key, difference: { have } }) => {
    if (key === "memswap_limit") return engine.swapLimit !== false;
    return !(madeAsWanted && optionalLimits.includes(key) && (have === "" || have === "false"));
  });
}
