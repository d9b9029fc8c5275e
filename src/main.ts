import { runCli } from "./cli/run-cli.ts";
import type { CliIo } from "./cli/io.ts";
import { HoldfastError } from "./model/error.ts";
import { wireApplication } from "./wire.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => cancel(`${name} received`));
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => cancel("nobody reads the output any more"));
}

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  // made when it is asked for: few commands read it
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  now: () => new Date(),
  signal: stop.signal,
};

runCli(process.argv.slice(2), wireApplication(io), io).then((code) => process.exit(code));

function cancel(why: string): void {
  stop.abort(
    new HoldfastError("CANCELLED", `Cannot go on: ${why}`, {
      retry: "backoff",
      hint: "run it again: what was done is kept, and the next pass carries on from there",
    }),
  );
}
