import { runCli } from "./cli/run-cli.ts";
import type { CliIo } from "./cli/io.ts";
import { wireApplication } from "./wire.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stop.abort(new Error(`${name} received`)));
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => stop.abort(new Error("nobody reads the output any more")));
}

const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => new Date(),
  signal: stop.signal,
};

const code = await runCli(process.argv.slice(2), wireApplication(io), io);
process.exit(code);
