import * as z from "zod";
import { parseDurationMs } from "../model/units.ts";

/*
 * The parts both schemas are made of. The `error` of a part is the phrase that follows "needed" in an issue:
 * `"interval" is "60", needed a duration such as "30s" or "1h30m"`. The `pattern` of a part's meta is for the JSON Schema,
 * and so for editors: texts are held against it, numbers never.
 */

/** A key of the design that this version refuses. Building it means to put its schema in this call's place. */
export function notYet(description: string) {
  return z.never().optional().describe(`${description} (Not supported yet.)`);
}

/** One of the words `built`; those of `later` are refused as not supported yet. */
export function choice<const Words extends readonly [string, ...string[]]>(
  built: Words,
  later: readonly string[] = [],
) {
  return z.enum(built, { error: listWords(built) }).meta({ later });
}

/** Text; a number is taken as it was written, so that `ref: 1.10` needs no quotes. */
export function text(needed = "text") {
  return z.union([z.string(), z.number()], { error: needed }).transform(String);
}

/** @param needed what the pattern asks for, in words: "a name of letters and digits" */
export function matchingText(pattern: RegExp, needed: string) {
  return text(needed).refine((value) => pattern.test(value), { error: needed }).meta({ pattern: pattern.source });
}

/** A whole number between two that both count. */
export function integer(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** What an editor holds a duration against; `parseDurationMs()` decides. */
const durationPattern = /^(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|[smhdw]))+)$/;

/** A duration of at least `leastMs`, as milliseconds. */
export function duration(leastMs = 0) {
  const error = leastMs > 0
    ? `a duration of at least ${leastMs} ms, such as "30s" or "1h30m"`
    : `a duration such as "30s" or "1h30m"`;
  return text(error).transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms !== undefined && ms >= leastMs) return ms;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  }).meta({ pattern: durationPattern.source });
}

/** An absolute path of the host, without `.` and `..`. */
export function absolutePath() {
  const error = `an absolute path without ".."`;
  return text(error).refine(isAbsolutePath, { error }).transform((path) => path.replace(/(?<=.)\/+$/, ""))
    .meta({ pattern: "^/" });
}

/** A path with `/` that stays below the folder it starts in. */
export function innerPath(below: string) {
  const error = `a path inside ${below}`;
  return text(error).refine((path) => isRelativePath(path) && !path.split("/").includes(".."), { error });
}

/** A path relative to the manifest: that it stays inside the repository is judged by `manifestPaths()`. */
export function manifestPath() {
  const error = `a path relative to the manifest, with "/" between its parts`;
  return text(error).refine(isRelativePath, { error });
}

/** Where a secret is read from: a file, or a credential that systemd hands over. */
export type FileReference =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "credential"; readonly name: string };

/** A file of the host: an absolute path, or the name of a systemd credential. */
export function fileReference() {
  const error = `an absolute path, or "credential:NAME" for a systemd credential`;
  return text(error).transform((value, context): FileReference => {
    const name = /^credential:([A-Za-z0-9._-]{1,255})$/.exec(value)?.[1];
    if (name !== undefined && name !== "." && name !== "..") return { kind: "credential", name };
    if (isAbsolutePath(value)) return { kind: "path", path: value };
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  }).meta({ pattern: "^(?:/|credential:[A-Za-z0-9._-]{1,255}$)" });
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") && !path.includes("\0") && !path.split("/").some((part) => part === "." || part === "..");
}

function isRelativePath(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.startsWith("~") && !/[\0\\]/.test(path);
}

/** `a`, `a or b`, `a, b or c`. */
function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
