import type { Position } from "../../model/position.ts";
import { limits } from "../limits.ts";

/** A variable's value; `secret` when it holds bytes of a key. */
export interface Variable {
  readonly value: string;
  /** The value holds bytes of a key: everything it flows into is a secret path. */
  readonly secret?: boolean;
  /** The line of the manifest that sets it; absent for what the command line gives. */
  readonly position?: Position;
}

export type Lookup = (name: string) => Variable | undefined;

export type Substituted =
  | {
    readonly kind: "text";
    readonly text: string;
    /** A secret variable is part of the text. */
    readonly secret: boolean;
    /** Variables without a value and without a default. */
    readonly unset: readonly string[];
    /** The variables that were looked up. */
    readonly used: readonly string[];
  }
  /** `${…}` that no rule reads. */
  | { readonly kind: "invalid"; readonly part: string }
  | { readonly kind: "required"; readonly variable: string; readonly reason: string }
  | { readonly kind: "limit" };

type Failure = Exclude<Substituted, { kind: "text" }>;

const nameAt = /[_a-z][_a-z0-9]*/iy;
const operatorAt = /:?[-+?]/y;

/** State of one substitution: what was found on the way. */
interface Progress {
  readonly lookup: Lookup;
  secret: boolean;
  readonly unset: string[];
  readonly used: string[];
}

/**
 * Compose's interpolation: `$X ${X} ${X:-d} ${X-d} ${X:?e} ${X?e} ${X:+a} ${X+a} $$`, nested. A lone `$`, and `$`
 * before anything that begins no name, stay as they are.
 */
export function substitute(template: string, lookup: Lookup): Substituted {
  if (!template.includes("$")) return { kind: "text", text: template, secret: false, unset: [], used: [] };
  const progress: Progress = { lookup, secret: false, unset: [], used: [] };
  const result = expand(template, progress, 0);
  if (typeof result !== "string") return result;
  return { kind: "text", text: result, secret: progress.secret, unset: progress.unset, used: progress.used };
}

function expand(template: string, progress: Progress, depth: number): string | Failure {
  if (depth > limits.templateDepth) return { kind: "limit" };
  let text = "";
  let at = 0;
  for (;;) {
    const dollar = template.indexOf("$", at);
    if (dollar === -1) return text + template.slice(at);
    text += template.slice(at, dollar);
    const next = template[dollar + 1];
    if (next === "$") {
      text += "$";
      at = dollar + 2;
    } else if (next === "{") {
      const braced = readBraced(template, dollar);
      if (!braced) return { kind: "invalid", part: template.slice(dollar).split("\n", 1)[0]! };
      const value = applyOperator(braced, progress, depth);
      if (typeof value !== "string") return value;
      text += value;
      at = braced.end;
    } else {
      nameAt.lastIndex = dollar + 1;
      const name = nameAt.exec(template)?.[0];
      if (name === undefined) text += "$";
      else text += plainValue(name, progress);
      at = dollar + 1 + (name?.length ?? 0);
    }
    if (text.length > limits.textLength) return { kind: "limit" };
  }
}

interface Braced {
  readonly name: string;
  readonly operator: string;
  readonly word: string;
  /** Offset behind the closing brace. */
  readonly end: number;
}

/**
 * Reads `${…}` that begins at `dollar`. The word ends at the brace that closes it, on the same line.
 *
 * @returns undefined when it is none
 */
function readBraced(template: string, dollar: number): Braced | undefined {
  nameAt.lastIndex = dollar + 2;
  const name = nameAt.exec(template)?.[0];
  if (name === undefined) return undefined;
  const afterName = dollar + 2 + name.length;
  if (template[afterName] === "}") return { name, operator: "", word: "", end: afterName + 1 };
  operatorAt.lastIndex = afterName;
  const operator = operatorAt.exec(template)?.[0];
  if (operator === undefined) return undefined;
  const lineEnd = template.indexOf("\n", afterName);
  const line = template.slice(dollar, lineEnd === -1 ? undefined : lineEnd);
  const close = closingBrace(line) ?? line.lastIndexOf("}");
  if (close === -1) return undefined;
  const word = line.slice(2 + name.length + operator.length, close);
  return { name, operator, word, end: dollar + close + 1 };
}

/** The brace that closes the first one; undefined when braces do not balance (the last one on the line closes then). */
function closingBrace(text: string): number | undefined {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "}" && --open === 0) return index;
    if (character === "{") {
      open++;
      index++; // Compose never looks at the character behind an opening brace
    }
  }
  return undefined;
}

function applyOperator(braced: Braced, progress: Progress, depth: number): string | Failure {
  const { name, operator } = braced;
  if (operator === "") return plainValue(name, progress);
  const before = progress.secret;
  const word = expand(braced.word, progress, depth + 1);
  if (typeof word !== "string") return word;
  const wordIsSecret = progress.secret;
  const variable = lookUp(name, progress);
  const present = variable !== undefined && (!operator.startsWith(":") || variable.value !== "");
  const takesWord = operator.endsWith("-") ? !present : operator.endsWith("+") ? present : false;
  if (operator.endsWith("?") && !present) {
    return { kind: "required", variable: name, reason: wordIsSecret ? "" : word };
  }
  progress.secret = before || (takesWord ? wordIsSecret : variable?.secret === true);
  return takesWord ? word : variable?.value ?? "";
}

function plainValue(name: string, progress: Progress): string {
  const variable = lookUp(name, progress);
  if (!variable) progress.unset.push(name);
  if (variable?.secret) progress.secret = true;
  return variable?.value ?? "";
}

function lookUp(name: string, progress: Progress): Variable | undefined {
  progress.used.push(name);
  return progress.lookup(name);
}
