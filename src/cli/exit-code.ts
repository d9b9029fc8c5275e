import { asHoldfastError, type ErrorCode } from "../model/error.ts";
import { hasErrors } from "../model/issue.ts";
import type { CheckResult } from "../agent/application.ts";
import type { PlanAnswer } from "../report/published.ts";
import type { DeploymentState } from "../report/status.ts";

/** What the shell is told; the same number means the same in every command. `docs/commands.md` prints this list. */
export const exitCode = {
  /** Done; for `plan` and `apply`: converged. */
  success: 0,
  /** It could not be done, or something was found that must be mended. */
  failure: 1,
  /** Differences remain that this command did not carry out. */
  differences: 2,
  /** The newest revision is held back; what is applied is in place. */
  held: 3,
  /** The command line was not understood (EX_USAGE of sysexits.h). */
  usage: 64,
  /** A person must mend the configuration before `run` can start (EX_CONFIG): systemd does not try it again by itself. */
  configuration: 78,
  /** A signal ended it (128 + SIGINT). */
  cancelled: 130,
  /** Nobody read the output to its end (128 + SIGPIPE). */
  unread: 141,
} as const;

export type ExitCode = typeof exitCode[keyof typeof exitCode];

/** From what decides over everything else to what decides only alone. */
const precedence: readonly ExitCode[] = [exitCode.failure, exitCode.differences, exitCode.held, exitCode.success];

const planCodes: Readonly<Record<PlanAnswer, ExitCode>> = {
  converged: exitCode.success,
  differs: exitCode.differences,
  held: exitCode.held,
  failed: exitCode.failure,
};

export function planExitCode(plans: readonly { readonly answer: PlanAnswer }[]): ExitCode {
  return worst(plans.map(({ answer }) => planCodes[answer]));
}

export function applyExitCode(reports: readonly { readonly state: DeploymentState }[]): ExitCode {
  return worst(reports.map(({ state }) => {
    switch (state) {
      case "failed":
        return exitCode.failure;
      case "held":
        return exitCode.held;
      case "pending":
      case "unknown":
        return exitCode.differences;
      case "applied":
      case "converged":
        return exitCode.success;
    }
  }));
}

export function checkExitCode({ issues, verdicts }: CheckResult): ExitCode {
  const refused = hasErrors(issues) || verdicts.some(({ outcome }) => outcome === "denied");
  return refused ? exitCode.failure : exitCode.success;
}

/** @param command the first word of the command line */
export function errorExitCode(thrown: unknown, command: string | undefined): ExitCode {
  const { code } = asHoldfastError(thrown);
  if (code === "USAGE") return exitCode.usage;
  if (code === "CANCELLED") return exitCode.cancelled;
  return command === "run" && needsPerson.has(code) ? exitCode.configuration : exitCode.failure;
}

/** What neither time nor another attempt mends. */
const needsPerson: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_READ",
  "CONFIG_INVALID",
  "CONFIG_EMPTY",
  "STATE_UNREADABLE",
  "RUNTIME_FOLDER",
]);

function worst(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCode.success;
}
