import { exitCode } from "./cli/exit-code.ts";
import { printFailure, runCli } from "./cli/run-cli.ts";
import type { CliIo } from "./cli/io.ts";
import { nameProcess } from "./cli/process-name.ts";
import { StandardStream } from "./cli/standard-stream.ts";
import { HoldfastError } from "./model/error.ts";
import { wireApplication } from "./wire.ts";

/** How long a signal leaves a reader for what is written already. */
const patienceMs = 2_000;

nameProcess("holdfast");
process.exitCode = exitCode.failure; // whatever ends this process before its answer was given
const argv = process.argv.slice(2);
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => cancel(`${name} received`));
}

const stdout = new StandardStream(process.stdout, lost);
const stderr = new StandardStream(process.stderr, lost);
const io: CliIo = {
  stdout,
  stderr,
  // made when it is asked for: few commands read it
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  now: () => new Date(),
  signal: stop.signal,
};

let isEnding = false;
process.on("uncaughtException", fail);
process.on("unhandledRejection", (thrown) => {
  if (!stop.signal.aborted) fail(thrown); // work that was given up may fail late: the command has its own answer to the signal
});
process.on("beforeExit", () => fail(stop.signal.aborted ? stop.signal.reason : withoutAnswer()));
runCli(argv, wireApplication(io), io).then(end, fail);

/** The only way out: what was written is read, or nobody is left to read it. */
async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  const mayBeStopped = !stop.signal.aborted;
  await written();
  const isCut = mayBeStopped && stop.signal.aborted && !stdout.failure && !stderr.failure;
  const told = isCut ? exitCode.cancelled : codeAfterLoss(code);
  await written();
  process.exit(told);
}

/** What the shell is told when not all of the answer arrived. */
function codeAfterLoss(code: number): number {
  const isCancelled = code === exitCode.cancelled; // and told so
  const failure = stdout.failure ?? (isCancelled ? stderr.failure : undefined);
  if (!failure) return code;
  if (failure.code === "EPIPE") return exitCode.unread;
  if (!isCancelled) printFailure(io, argv, outputFailed(failure));
  return exitCode.failure;
}

async function written(): Promise<void> {
  await Promise.race([Promise.all([stdout.written(), stderr.written()]), impatience()]);
}

function fail(thrown: unknown): void {
  if (!isEnding) void end(printFailure(io, argv, thrown));
}

/** A signal does not wait for a reader that has stopped reading. */
async function impatience(): Promise<void> {
  if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  await new Promise((resolve) => setTimeout(resolve, patienceMs));
}

function lost({ code, message }: NodeJS.ErrnoException): void {
  cancel(code === "EPIPE" ? "nobody reads the output any more" : `the output cannot be written: ${message}`);
}

function cancel(why: string): void {
  stop.abort(
    new HoldfastError("CANCELLED", `Cannot go on: ${why}`, {
      retry: "backoff",
      hint: "run it again: what was done is kept, and the next pass carries on from there",
    }),
  );
}

function outputFailed(cause: NodeJS.ErrnoException): HoldfastError {
  return new HoldfastError("OUTPUT", `Cannot write the answer to standard output: ${cause.message}`, {
    retry: "operator",
    hint: "give it a file system with room, or a reader; what arrived is not the whole answer",
    cause,
  });
}

function withoutAnswer(): HoldfastError {
  return new HoldfastError("INTERNAL", "Cannot answer: nothing is left to wait for, and the command has not ended", {
    retry: "backoff",
    hint: "this is a defect of holdfast; run again with --log-level debug and report what it prints",
  });
}
