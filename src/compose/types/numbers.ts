/** A whole number as Compose reads it from text: an optional sign and decimal digits. */
export function parseIntText(text: string): number | undefined {
  return /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

/** A number as Compose reads it from text. */
export function parseFloatText(text: string): number | undefined {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  return undefined;
}

/** A float as Compose writes it into text, such as `1e+06` for a label's `1000000.0`. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits, exponentText] = value.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return plainDecimal(value, digits, exponent);
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}

function plainDecimal(value: number, digits: string, exponent: number): string {
  const decimals = Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent);
  return value.toFixed(decimals);
}

/** The shortest number that is the same as a 32-bit float: 0.1, not 0.10000000149. */
export function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}
