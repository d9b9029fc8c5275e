import { asHoldfastError } from "../model/error.ts";
import { escapeJson, escapeText } from "../model/escape.ts";
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

/** `log` is one JSON object on one line, as `--log-format json` writes; `journal` are lines with their priority. */
export type ErrorFormat = "text" | "json" | "log" | "journal";

/**
 * Why a command could not do what it was asked, on standard error: what was found, what to do, and every issue behind it.
 */
export function printError(io: CliIo, thrown: unknown, format: ErrorFormat): void {
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
  if (format === "journal") {
    const one = escapeText(`${error.message} (${error.code})${error.hint ? `; hint: ${error.hint}` : ""}`);
    const more = error.issues.length > 1 ? renderIssues(error.issues, new Map()).map(({ text }) => `  ${text}`) : [];
    io.stderr.write([one, ...more].map((text) => `<3>${text}\n`).join(""));
    return;
  }
  printLines(io, "stderr", [
    line("error", `error: ${error.message}${error.code === "USAGE" ? "" : ` (${error.code})`}`),
    ...renderIssues(error.issues, new Map()).map((each) => ({ ...each, text: `  ${each.text}` })),
    ...(error.hint ? [line("error", `hint: ${error.hint}`)] : []),
  ]);
}
