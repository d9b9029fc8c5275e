const nanoseconds: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
  ["w", 604_800_000_000_000n],
]);

const longest = 2n ** 63n - 1n;

/**
 * A duration as Compose writes it: `1m30s`, `1.5h`, `2d`, `-5s`, `0`.
 *
 * @returns nanoseconds; undefined when the text is no duration, has no unit, or is longer than Compose can hold
 * @see https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-durations
 */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[-+]/.test(text) ? text[0] : "";
  let rest = text.slice(sign!.length);
  if (rest === "0") return 0n;
  if (rest === "") return undefined;
  let total = 0n;
  while (rest !== "") {
    const match = /^(\d*)(?:\.(\d*))?([^\d.]+)/.exec(rest);
    if (!match || (match[1] === "" && !match[2])) return undefined;
    const [whole, integer, fraction = "", unitName] = match;
    const unit = nanoseconds.get(unitName!);
    if (unit === undefined) return undefined;
    total += BigInt(integer || "0") * unit;
    if (fraction !== "") total += BigInt(Math.trunc(Number(`0.${fraction}`) * Number(unit)));
    if (total > longest) return undefined;
    rest = rest.slice(whole.length);
  }
  return sign === "-" ? -total : total;
}

/** The same in milliseconds, not rounded, without a sign. */
export function parseDurationMs(text: string): number | undefined {
  const value = /^[-+]/.test(text) ? undefined : parseDuration(text);
  return value === undefined ? undefined : Number(value) / 1e6;
}
