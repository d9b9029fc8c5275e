import type { Report } from "../report/report.ts";
import type { Deployment } from "./deployment.ts";
import { runPass } from "./run-pass.ts";

/** What one pass would do; nothing is changed, written or logged. */
export async function planOnce(deployment: Deployment, signal: AbortSignal): Promise<Report> {
  const { report } = await runPass(deployment, { mode: "report", full: true, logs: false }, signal);
  return report;
}

/** The pass itself, newer revisions that came meanwhile, the way back from a failed one. */
const mostPasses = 5;

/** One pass as the service does it, and the way back where its revision failed. */
export async function applyOnce(deployment: Deployment, signal: AbortSignal): Promise<Report> {
  const { mode } = deployment.config;
  let ended = await runPass(deployment, { mode, full: true, asked: true, logs: true }, signal);
  for (let more = mostPasses; ended.again && more > 1; more--) {
    ended = await runPass(deployment, { mode, full: true, previous: ended.report, logs: true }, signal);
  }
  return ended.report;
}
