import { didYouMean } from "../suggest.ts";
import type { ScalarType } from "../tree/node.ts";

/** A plain scalar's type and value. */
export interface ResolvedScalar {
  readonly type: ScalarType;
  readonly value: null | boolean | number | string;
}

const constants = new Map<string, ResolvedScalar>();
for (const text of ["", "~", "null", "Null", "NULL"]) constants.set(text, { type: "null", value: null });
for (const text of ["true", "True", "TRUE"]) constants.set(text, { type: "bool", value: true });
for (const text of ["false", "False", "FALSE"]) constants.set(text, { type: "bool", value: false });
for (const text of [".nan", ".NaN", ".NAN"]) constants.set(text, { type: "float", value: NaN });
for (const text of [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]) {
  constants.set(text, { type: "float", value: Infinity });
}
for (const text of ["-.inf", "-.Inf", "-.INF"]) constants.set(text, { type: "float", value: -Infinity });

const floatForm = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const dateForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})?)?$/;

/**
 * The value of a plain (unquoted) scalar as Compose's YAML reader takes it: YAML 1.2 with the octal `0777`, `0b` and `_`
 * of 1.1, without base 60, and `yes` and `no` are text.
 */
export function resolvePlain(text: string): ResolvedScalar {
  const constant = constants.get(text);
  if (constant) return constant;
  const first = text[0]!;
  if (first === ".") {
    return resolveFloat(text) ?? { type: "string", value: text };
  }
  if ((first < "0" || first > "9") && first !== "+" && first !== "-") return { type: "string", value: text };
  if (isDate(text)) return { type: "date", value: text };
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const int = resolveInt(plain);
  if (int !== undefined) return { type: "int", value: int };
  return resolveFloat(plain) ?? { type: "string", value: text };
}

function resolveFloat(text: string): ResolvedScalar | undefined {
  const value = floatForm.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? { type: "float", value } : undefined;
}

/** @returns a whole number; its digits where a JavaScript number would not hold all of them */
function resolveInt(text: string): number | string | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const short = hex ? parseInt(hex, 16) : binary ? parseInt(binary, 2) : octal ? parseInt(octal, 8) : Number(decimal);
  if (Number.isSafeInteger(short)) return sign === "-" && short !== 0 ? -short : short;
  if (short > 2 ** 64) return undefined;
  const exact = BigInt(hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : decimal!);
  if (exact > (sign === "-" ? 2n ** 63n : 2n ** 64n - 1n)) return undefined;
  return String(sign === "-" ? -exact : exact);
}

function isDate(text: string): boolean {
  const match = dateForm.exec(text);
  if (!match) return false;
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = match;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days &&
    Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

/**
 * The value of a scalar with a tag.
 *
 * @returns undefined when the text is not what the tag says
 */
export function resolveTagged(tag: string, text: string): ResolvedScalar | undefined {
  switch (tag) {
    case "tag:yaml.org,2002:str":
      return { type: "string", value: text };
    case "tag:yaml.org,2002:binary":
      return decodeBinary(text);
    case "tag:yaml.org,2002:null":
    case "tag:yaml.org,2002:bool":
    case "tag:yaml.org,2002:int":
    case "tag:yaml.org,2002:float":
    case "tag:yaml.org,2002:timestamp": {
      const name = tag.slice(tag.lastIndexOf(":") + 1);
      const wanted: ScalarType = name === "timestamp" ? "date" : name as ScalarType;
      const resolved = resolvePlain(text);
      if (wanted === "float" && resolved.type === "int") return { type: "float", value: Number(resolved.value) };
      return resolved.type === wanted ? resolved : undefined;
    }
    default: // an unknown tag changes nothing
      return { type: "string", value: text };
  }
}

function decodeBinary(text: string): ResolvedScalar | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll(/\s/g, "")), (character) => character.charCodeAt(0));
    return { type: "string", value: new TextDecoder("utf-8").decode(bytes) };
  } catch {
    return undefined;
  }
}

/** The hint for a misspelled tag of Compose; it takes any other, and does nothing with it. */
export function tagHint(tag: string): string | undefined {
  const known = ["!reset", "!override"];
  return tag.startsWith("!") && !known.includes(tag) ? didYouMean(tag, known) : undefined;
}
