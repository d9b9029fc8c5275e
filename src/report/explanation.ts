import type { ExplainedVariable, Explanation } from "../model/explanation.ts";
import type { Position } from "../model/position.ts";
import { caretLines } from "./issues-text.ts";
import { jsonText } from "./json.ts";
import { line, type LogLine } from "./line.ts";

const from: Readonly<Record<ExplainedVariable["from"], string>> = {
  file: "(from a file)",
  given: "(given)",
  unset: "(not set)",
};

/**
 * A value, then every place that had a part in it with its line and the variables that were interpolated there.
 *
 * @param sources text of files by path, as positions name them
 */
export function renderExplanation(
  { path, value, steps }: Explanation,
  sources: ReadonlyMap<string, string>,
): LogLine[] {
  const shown = typeof value === "object" && value !== null ? "" : ` ${JSON.stringify(value)}`;
  return [
    line("info", `${path}${shown}`, { event: "explanation" }),
    ...steps.flatMap(({ how, position, variables }) => [
      line("info", `  ${how.padEnd(8)} ${placeText(position)}`, { event: "place" }),
      ...caretLines(position, sources),
      // the line of a variable is not shown: it may well be a password
      ...variables.map((variable) => {
        const place = variable.position ? placeText(variable.position) : from[variable.from];
        return line("info", `    with ${variable.name} ${place}`, { event: "variable" });
      }),
    ]),
  ];
}

/** The same for programs. */
export function renderExplanationJson(explanation: Explanation): string {
  return jsonText({ explanation });
}

function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}
