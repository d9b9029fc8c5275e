import { asHoldfastError } from "../model/error.ts";
import { reportLines } from "../report/text.ts";
import type { Report } from "../report/report.ts";
import type { Outcome } from "../plan/step.ts";
import type { Deployment } from "./deployment.ts";
import { Activity } from "./activity.ts";
import { Pass } from "./pass.ts";
import { reconcile } from "./reconcile.ts";
import { statusAfter } from "./status-record.ts";

export interface RunPassOptions {
  readonly mode: "enforce" | "report";
  readonly full: boolean;
  /** A person asked for it. */
  readonly asked?: boolean;
  /** The pass before, of the same deployment: what it said already is not said again. */
  readonly previous?: Report;
  /** What it finds and does goes to the log as it happens. */
  readonly logs: boolean;
  /** Gets the pass before it does anything. */
  readonly onBegin?: (pass: Pass) => void;
}

export interface FinishedPass {
  readonly report: Report;
  /** Another pass is due at once. */
  readonly again: boolean;
}

/** One pass with its journal and status; what ends it early is in the report. */
export async function runPass(
  deployment: Deployment,
  options: RunPassOptions,
  signal: AbortSignal,
): Promise<FinishedPass> {
  const { clock, log } = deployment.ports;
  const startedMs = clock.monotonicMs();
  const said = new Set<string>();
  const tell = (report: Report): void => {
    if (!options.logs) return;
    for (const line of reportLines(report, options.previous)) {
      const key = `${line.text} ${line.fields["number"] ?? ""}`; // a log may say one thing twice
      if (said.has(key)) continue;
      said.add(key);
      log.write(line.level, line.text, line.fields);
    }
  };
  const pass = new Pass({
    deployment: deployment.config.name,
    mode: options.mode,
    full: options.full,
    asked: options.asked,
    clock,
    activity: new Activity(deployment.ports.progress),
    onProgress: tell,
    onOutcome: (outcome) => options.logs && logOutcome(deployment, outcome),
  });
  options.onBegin?.(pass);
  const report = await reconcile(deployment, pass, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    return pass.failed(asHoldfastError(thrown));
  });
  tell(report);
  if (options.mode === "enforce") await saveStatus(deployment, report);
  if (options.logs) logEnd(deployment, report, clock.monotonicMs() - startedMs);
  return { report, again: pass.again };
}

function logOutcome({ ports, config }: Deployment, { step, result, durationMs }: Outcome): void {
  ports.log.write("debug", `${step.id}: ${result} in ${durationMs} ms`, {
    deployment: config.name,
    event: "step",
    step: step.id,
    result,
  });
}

/** Quiet passes are told of here only; in tenths of a millisecond, for they take few. */
function logEnd({ ports, config }: Deployment, report: Report, tookMs: number): void {
  const milliseconds = Math.round(tookMs * 10) / 10;
  ports.log.write("debug", `pass ended after ${milliseconds} ms`, {
    deployment: config.name,
    event: "pass",
    milliseconds,
    converged: report.converged,
    steps: report.outcomes.length,
  });
}

/** A status that cannot be written must not end the pass: the journal has told it already. */
async function saveStatus({ config, ports }: Deployment, report: Report): Promise<void> {
  try {
    const ledger = await ports.store.readLedger(config.name);
    const before = await ports.store.readStatus(config.name);
    const text = statusAfter({ report, ledger, before });
    if (text !== before) await ports.store.writeStatus(config.name, text);
  } catch (thrown) {
    const { code, message, hint } = asHoldfastError(thrown);
    ports.log.write("warning", `${message} (${code}); hint: ${hint}`, { deployment: config.name, code });
  }
}
