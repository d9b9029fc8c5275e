import type { Collector } from "../tree/collector.ts";
import { quote, type VariableUse } from "../tree/node.ts";
import type { Place, Source } from "../tree/source.ts";
import { type Lookup, substitute, type Variable } from "./template.ts";
import { variableUse } from "./variable-use.ts";

/** A variable with the line that sets it. */
export interface PlacedVariable extends Variable {
  readonly place: Place;
  /** What was interpolated into the value. */
  readonly variables?: readonly VariableUse[];
  /** What the name stood for before, in the same file or an earlier one. */
  readonly before?: PlacedVariable;
}

/** A value of an env file. */
type Expanded = Pick<PlacedVariable, "value" | "secret" | "variables">;

const statementSpace = /[\s\u0085\u00a0]*/y;
const lineSpace = /[\t\v\f\r \u0085\u00a0]*/y;
const exportPrefix = /^export[\t\n\f\r ]+/;
const escapes = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;
const escaped: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
};

export interface EnvFileOptions {
  readonly lookup: Lookup;
  readonly collector: Collector;
}

/**
 * Reads an env file as Compose does: `KEY=value`, `KEY: value`, `export KEY=value`, comments, quotes over several lines,
 * and references to variables, the ones of this file among them. A key alone takes the value that `lookup` has.
 *
 * @param into receives the variables; what it holds already may be referred to
 * @returns false when a line cannot be read (the reason is in the collector)
 */
export function parseEnvFile(source: Source, into: Map<string, PlacedVariable>, options: EnvFileOptions): boolean {
  return new EnvFileReader(source, into, options).read();
}

class EnvFileReader {
  readonly #source: Source;
  readonly #text: string;
  readonly #into: Map<string, PlacedVariable>;
  readonly #options: EnvFileOptions;
  #at = 0;

  constructor(source: Source, into: Map<string, PlacedVariable>, options: EnvFileOptions) {
    this.#source = source;
    this.#text = source.text;
    this.#into = into;
    this.#options = options;
  }

  read(): boolean {
    for (;;) {
      this.#skip(statementSpace);
      if (this.#at >= this.#text.length) return true;
      if (this.#text[this.#at] === "#") {
        const end = this.#text.indexOf("\n", this.#at);
        if (end === -1) return true;
        this.#at = end;
        continue;
      }
      if (!this.#statement()) return false;
    }
  }

  #skip(what: RegExp): void {
    what.lastIndex = this.#at;
    this.#at += what.exec(this.#text)![0].length;
  }

  #fail(message: string, hint: string): false {
    this.#options.collector.error("ENV_FILE_SYNTAX", message, {
      place: { source: this.#source, offset: this.#at },
      hint,
    });
    return false;
  }

  #statement(): boolean {
    const prefix = exportPrefix.exec(this.#text.slice(this.#at, this.#at + 200));
    if (prefix) {
      this.#at += "export".length;
      this.#skip(lineSpace);
    }
    const start = this.#at;
    const key = this.#key();
    if (key === undefined) return false;
    const place = { source: this.#source, offset: start };
    if (key.alone) {
      const variable = passedThrough(key.name, this.#options.lookup);
      if (variable) setVariable(this.#into, key.name, { ...variable, place });
      return true;
    }
    this.#skip(lineSpace);
    const value = this.#value();
    if (!value) return false;
    setVariable(this.#into, key.name, { ...value, place });
    return true;
  }

  #key(): { readonly name: string; readonly alone: boolean } | undefined {
    const start = this.#at;
    for (let index = start; index < this.#text.length; index++) {
      const character = this.#text[index]!;
      if (character === "=" || character === ":" || character === "\n") {
        const name = this.#text.slice(start, index).trimEnd();
        if (name.includes(" ")) {
          this.#fail(`The key ${quote(name)} holds a space`, "write KEY=value, one a line");
          return undefined;
        }
        this.#at = index + 1;
        return { name, alone: character === "\n" };
      }
      if (/[\p{L}\p{N}_.\-[\]\s\u0085]/u.test(character) || isSurrogate(character)) continue;
      this.#fail(
        `Unexpected ${quote(character)} in the name of a variable`,
        "write KEY=value, with letters, digits and _ in the key",
      );
      return undefined;
    }
    // Compose takes a last line without "=" and without a line end for an empty name
    this.#at = this.#text.length;
    return { name: "", alone: false };
  }

  #value(): Expanded | undefined {
    const mark = this.#text[this.#at];
    if (mark === '"' || mark === "'") return this.#quoted(mark);
    const newline = this.#text.indexOf("\n", this.#at);
    const end = newline === -1 ? this.#text.length : newline;
    const text = this.#text.slice(this.#at, end);
    const comment = text.indexOf(" #");
    const value = this.#expand((comment === -1 ? text : text.slice(0, comment)).trimEnd());
    this.#at = Math.min(end + 1, this.#text.length);
    return value;
  }

  #quoted(mark: string): Expanded | undefined {
    const start = this.#at;
    let text = "";
    let escape = false;
    for (let index = start + 1; index < this.#text.length; index++) {
      const character = this.#text[index]!;
      if (character === mark && !escape) {
        const value = mark === '"' ? this.#expand(expandEscapes(text)) : { value: text };
        this.#at = index + 1;
        return value;
      }
      if (character === "\\" && !escape) {
        escape = true;
        continue;
      }
      if (escape && character !== mark) text += "\\";
      escape = false;
      text += character;
    }
    this.#fail(`The quote ${mark} is not closed`, `close it with another ${mark}`);
    return undefined;
  }

  #expand(text: string): Expanded | undefined {
    const lookup: Lookup = (name) => this.#options.lookup(name) ?? this.#into.get(name);
    const result = substitute(text, lookup);
    switch (result.kind) {
      case "text":
        return {
          value: result.text,
          ...(result.secret && { secret: true }),
          ...(result.used.length > 0 && { variables: result.used.map((name) => variableUse(name, lookup)) }),
        };
      case "invalid":
        this.#fail(`Cannot read ${quote(result.part)}`, "write ${NAME}, or $$ for a $");
        return undefined;
      case "required":
        this.#fail(
          `The variable ${result.variable} is missing${result.reason && `: ${result.reason}`}`,
          "set it in `environment`",
        );
        return undefined;
      case "limit":
        this.#fail("The value is too long or nests too deeply", "write it shorter");
        return undefined;
    }
  }
}

/** A key without a value takes the one that is given. */
function passedThrough(name: string, lookup: Lookup): Expanded | undefined {
  const variable = lookup(name);
  if (!variable) return undefined;
  const { value, secret } = variable;
  return { value, ...(secret && { secret }), variables: [variableUse(name, lookup)] };
}

function setVariable(into: Map<string, PlacedVariable>, name: string, variable: PlacedVariable): void {
  const before = into.get(name);
  into.set(name, before ? { ...variable, before } : variable);
}

function isSurrogate(character: string): boolean {
  return character >= "\ud800" && character <= "\udfff";
}

/** @returns undefined where the digits are not those of one byte */
function octalCharacter(digits: string): string | undefined {
  return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCharCode(parseInt(digits, 8)) : undefined;
}

function expandEscapes(text: string): string {
  return text.replaceAll(escapes, (match) => {
    const code = match[1]!;
    if (code === "$") return "$$"; // an escaped $ is no variable
    if (code === "0") return octalCharacter(match.slice(2)) ?? `\\${match.slice(2)}`; // as Compose leaves it
    return escaped[code] ?? match;
  });
}

/**
 * Reads an env file with `format: raw`: `KEY=value` a line, quotes and comments kept as they are.
 *
 * @returns false when a line cannot be read (the reason is in the collector)
 */
export function parseRawEnvFile(source: Source, into: Map<string, PlacedVariable>, options: EnvFileOptions): boolean {
  let offset = 0;
  for (const raw of source.text.split("\n")) {
    const place = { source, offset };
    offset += raw.length + 1;
    const line = raw.replace(/\r$/, "").replace(/^[\s\u0085\u00a0]+/, "");
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = equals === -1 ? line : line.slice(0, equals);
    if (key === "" || /\s/.test(key)) {
      options.collector.error(
        "ENV_FILE_SYNTAX",
        key === "" ? "A line begins with =" : `The key ${quote(key)} holds white space`,
        {
          place,
          hint: "write KEY=value",
        },
      );
      return false;
    }
    const variable = equals === -1 ? passedThrough(key, options.lookup) : { value: line.slice(equals + 1) };
    if (variable) setVariable(into, key, { ...variable, place });
  }
  return true;
}
