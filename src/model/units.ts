const durationMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A duration as Compose writes it: `1h30m`, `60s`, `1.5s`, `500ms`, `0`.
 *
 * @returns milliseconds, not rounded; undefined when the text is no duration, or has no unit
 * @see https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-durations
 */
export function parseDurationMs(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|[smhdw])/.test(text)) return undefined;
  let total = 0;
  let end = 0;
  for (const part of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|[smhdw])/g)) {
    if (part.index !== end) return undefined;
    total += Number(part[1]) * durationMs[part[2]!]!;
    end = part.index + part[0].length;
  }
  return end === text.length && Number.isFinite(total) ? total : undefined;
}
