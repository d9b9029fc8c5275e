import { asHoldfastError } from "../model/error.ts";
import { escapeJson } from "../model/escape.ts";
import { renderIssues } from "../report/issues-text.ts";
import { errorJson, jsonText } from "../report/json.ts";
import { line, type LogLine } from "../report/line.ts";
import { paint, wantsColour } from "./colour.ts";
import type { CliIo } from "./io.ts";

/** Writes lines to one of the two streams, in colour where that one shows it. */
export function printLines(io: CliIo, stream: "stdout" | "stderr", lines: readonly LogLine[]): void {
  const sink = io[stream];
  const coloured = wantsColour(sink, io.env);
  if (lines.length > 0) sink.write(lines.map((each) => `${coloured ? paint(each) : each.text}\n`).join(""));
}

/**
 * Why a command could not do what it was asked, on standard error: what was found, what to do, and every issue behind it.
 *
 * @param format `log` is one JSON object on one line, as `--log-format json` writes
 */
export function printError(io: CliIo, thrown: unknown, format: "text" | "json" | "log"): void {
  const error = asHoldfastError(thrown);
  if (format === "json") {
    io.stderr.write(jsonText({ error: errorJson(error) }));
    return;
  }
  if (format === "log") {
    const entry = { time: io.now().toISOString(), level: "error", ...errorJson(error) };
    io.stderr.write(`${escapeJson(JSON.stringify(entry))}\n`);
    return;
  }
  printLines(io, "stderr", [
    line("error", `error: ${error.message}${error.code === "USAGE" ? "" : ` (${error.code})`}`),
    ...renderIssues(error.issues, new Map()).map((each) => ({ ...each, text: `  ${each.text}` })),
    ...(error.hint ? [line("error", `hint: ${error.hint}`)] : []),
  ]);
}
