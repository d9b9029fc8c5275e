import type { LogLine } from "../report/line.ts";
import type { TextSink } from "./io.ts";

const sgr = { red: 31, green: 32, yellow: 33, magenta: 35, dim: 2 } as const;

/** Only on a terminal that can show it, and not where NO_COLOR is set (no-color.org). */
export function wantsColour(sink: TextSink, env: Readonly<Record<string, string | undefined>>): boolean {
  return sink.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

/** The line's text in the colour of its sign or its level. */
export function paint(line: LogLine): string {
  const colour = colourOf(line);
  return colour ? `\u001b[${sgr[colour]}m${line.text}\u001b[0m` : line.text;
}

function colourOf({ level, text, fields }: LogLine): keyof typeof sgr | undefined {
  if (fields.event === "source" || fields.event === "reason") return "dim";
  if (fields.event === "difference") return signColours[text.trimStart().slice(0, 1)];
  if (fields.event === "converged") return "green";
  return level === "error" ? "red" : level === "warning" ? "yellow" : undefined;
}

const signColours: Readonly<Record<string, keyof typeof sgr>> = {
  "+": "green",
  "~": "yellow",
  "!": "magenta",
  "-": "red",
};
