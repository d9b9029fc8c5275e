import type { DesiredState } from "../model/desired.ts";
import { asHoldfastError } from "../model/error.ts";
import { boundedTail, type LogTail, mostLogLines } from "../model/log-tail.ts";
import { looksSecret, maskAssignments } from "../model/secrets.ts";
import type { Engine } from "../ports/engine.ts";
import type { OpenedKeys } from "./open-keys.ts";

/** A log that cannot be had quickly is no reason to wait with going back. */
const longestMs = 5_000;
/** Shorter texts stand in many a line. */
const leastSecret = 6;

export type Mask = (text: string) => string;

interface Secretive {
  readonly desired: DesiredState;
  readonly keys?: OpenedKeys;
}

/**
 * Takes secrets out of words that containers wrote: the text of each key, line by line and value by value, what an
 * environment gives under the name of a secret, and whatever reads like one.
 */
export function logMask({ desired, keys }: Secretive): Mask {
  const texts = [
    ...(keys?.files ?? []).flatMap(({ path, bytes }) =>
      textsOf(new TextDecoder().decode(bytes)).map((text) => ({ text, shown: `‹key ${path}›` }))
    ),
    ...[...desired.services.values()].flatMap(({ spec }) => Object.entries(spec.environment)).flatMap(([name, value]) =>
      value !== null && looksSecret(name, value) ? [{ text: value, shown: `‹${name}›` }] : []
    ),
  ].filter(({ text }) => text.length >= leastSecret).sort((a, b) => b.text.length - a.text.length);
  return (line) => maskAssignments(texts.reduce((rest, { text, shown }) => rest.replaceAll(text, shown), line));
}

/** A key as a program may repeat it: whole, a line of it, the value of `NAME=value`. */
function textsOf(key: string): string[] {
  const lines = key.split(/\r?\n/).map((line) => line.trim());
  const values = lines.flatMap((line) => /^[\w.-]+\s*[=:]\s*["']?(.+?)["']?$/.exec(line)?.[1] ?? []);
  return [...new Set([key.trim(), ...lines, ...values])].filter((text) => !text.startsWith("-----"));
}

/** The last lines of a container; its log driver may keep none. Never throws. */
export async function readLogTail(
  engine: Pick<Engine, "tailLog">,
  { id, mask }: { readonly id: string; readonly mask: Mask },
  signal: AbortSignal,
): Promise<LogTail> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
    const tail = boundedTail(await engine.tailLog(id, mostLogLines, limit), mask);
    return tail.lines.length > 0 ? tail : { lines: [], note: "it wrote nothing" };
  } catch (thrown) {
    const { message } = asHoldfastError(thrown);
    const isUnreadable = /does not support reading/i.test(message);
    return {
      lines: [],
      note: isUnreadable
        ? "its logging driver keeps nothing that the Engine could read: look where it sends it"
        : message,
    };
  }
}
