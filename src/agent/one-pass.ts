import type { Report } from "../report/report.ts";
import type { Deployment } from "./deployment.ts";
import { runPass } from "./run-pass.ts";

/** What one pass would do; nothing is changed, written or logged. */
export async function planOnce(deployment: Deployment, signal: AbortSignal): Promise<Report> {
  const { report } = await runPass(deployment, { mode: "report", full: true, logs: false }, signal);
  return report;
}

/** One pass as the service does it, and the way back where its revision failed. */
export async function applyOnce(deployment: Deployment, signal: AbortSignal): Promise<Report> {
  const { mode } = deployment.config;
  const first = await runPass(deployment, { mode, full: true, asked: true, logs: true }, signal);
  if (!first.again) return first.report;
  const back = await runPass(deployment, { mode, full: true, previous: first.report, logs: true }, signal);
  return back.report;
}
