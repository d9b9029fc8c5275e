/** A size such as `512m`, `1.5 GiB` or `1024`, in bytes; undefined when it cannot be read. Units are powers of 1024. */
export function parseBytes(text: string): number | undefined {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)( ?)([a-zA-Z]*)$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]);
  const unit = match[3]!.toLowerCase();
  if (value < 0) return undefined;
  if (unit === "" || unit === "b") return Math.trunc(value);
  const power = "kmgtp".indexOf(unit[0]!) + 1;
  if (power === 0 || !/^.(?:i?b)?$/.test(unit)) return undefined;
  return Math.trunc(value * 1024 ** power);
}

/** A duration as Compose prints it: `1m30s`, `1h0m0s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(value: bigint): string {
  if (value === 0n) return "0s";
  const sign = value < 0n ? "-" : "";
  const total = value < 0n ? -value : value;
  if (total < 1_000n) return `${sign}${total}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 1_000n)}µs`;
  if (total < 1_000_000_000n) return `${sign}${decimal(total, 1_000_000n)}ms`;
  const hours = total / 3_600_000_000_000n;
  const minutes = total / 60_000_000_000n % 60n;
  const seconds = `${decimal(total % 60_000_000_000n, 1_000_000_000n)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const rest = value % unit;
  if (rest === 0n) return String(value / unit);
  const digits = String(rest).padStart(String(unit).length - 1, "0").replace(/0+$/, "");
  return `${value / unit}.${digits}`;
}
