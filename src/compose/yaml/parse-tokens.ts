import { limits } from "../limits.ts";
import type { ScannedText } from "./scan.ts";
import { type MarkKind, type Token, YamlProblem } from "./token.ts";
import type { YamlMap, YamlNode } from "./yaml-node.ts";

/**
 * The documents of a text.
 *
 * @throws YamlProblem at the first place that is no YAML
 */
export function parseTokens(scanned: ScannedText): readonly YamlNode[] {
  return new TokenParser(scanned).documents();
}

interface Properties {
  readonly anchor?: string;
  readonly tag?: string;
}

type Pair = YamlMap["pairs"][number];

const standardHandles: readonly (readonly [string, string])[] = [["!", "!"], ["!!", "tag:yaml.org,2002:"]];

/** One method a production. What stands open is on the call stack, at most `limits.depth` deep. */
class TokenParser {
  readonly #tokens: readonly Token[];
  readonly #problem: YamlProblem | undefined;
  #at = 0;
  #depth = 0;
  /** Offsets of the brackets that are open. */
  readonly #brackets: number[] = [];
  #handles = new Map(standardHandles);

  constructor({ tokens, problem }: ScannedText) {
    this.#tokens = tokens;
    this.#problem = problem;
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    for (let first = true; this.#peek().kind !== "stream end"; first = false) {
      if (!first) { while (this.#take("document end")); }
      if (this.#peek().kind === "stream end") break;
      documents.push(this.#document(first));
      this.#take("document end");
    }
    return documents;
  }

  /** A token that was to be a key and is none is a problem before it is anything else. */
  #peek(): Token {
    const token = this.#tokens[this.#at];
    const problem = this.#problem;
    if (!token || problem?.problem === "no colon" && token.offset >= problem.start) throw problem!;
    return token;
  }

  #is(...kinds: readonly Token["kind"][]): boolean {
    return kinds.includes(this.#peek().kind);
  }

  /** @returns the token, taken, when it is of this kind */
  #take(kind: MarkKind): Token | undefined {
    const token = this.#peek();
    if (token.kind !== kind) return undefined;
    this.#at++;
    return token;
  }

  #document(first: boolean): YamlNode {
    const directives = this.#directives();
    const start = this.#take("document start");
    if (!start && (directives || !first)) throw new YamlProblem("document start", this.#peek().offset);
    if (start && this.#is("version directive", "tag directive", "document start", "document end", "stream end")) {
      return empty(start.offset + 3);
    }
    return this.#node("block");
  }

  /** @returns whether there are any */
  #directives(): boolean {
    const start = this.#at;
    this.#handles = new Map();
    for (let versions = 0;; this.#at++) {
      const token = this.#peek();
      if (token.kind === "version directive") {
        if (versions++ > 0) throw new YamlProblem("directive twice", token.offset);
        if (token.version !== "1.1") throw new YamlProblem("directive version", token.offset);
      } else if (token.kind === "tag directive") {
        if (this.#handles.has(token.handle)) throw new YamlProblem("directive twice", token.offset);
        this.#handles.set(token.handle, token.prefix);
      } else break;
    }
    for (const [handle, prefix] of standardHandles) if (!this.#handles.has(handle)) this.#handles.set(handle, prefix);
    return this.#at > start;
  }

  /** @param where "value": directly after a key, where a list needs no indentation */
  #node(where: "block" | "value" | "flow"): YamlNode {
    const token = this.#peek();
    if (token.kind === "alias") {
      this.#at++;
      return { kind: "alias", name: token.name, offset: token.offset };
    }
    const properties = this.#properties();
    const content = this.#peek();
    const { offset } = content;
    if (content.kind === "scalar") {
      this.#at++;
      return { kind: "scalar", style: content.style, text: content.value, offset, ...properties };
    }
    if (++this.#depth > limits.depth) throw new YamlProblem("depth", offset);
    try {
      if (content.kind === "[" || content.kind === "{") return { ...this.#bracket(content.kind), ...properties };
      if (where === "value" && content.kind === "entry") {
        return { kind: "list", items: this.#items("entry", "block end", "key", "value"), offset, ...properties };
      }
      if (where !== "flow" && content.kind === "block list") {
        return { kind: "list", items: this.#blockList(), offset, ...properties };
      }
      if (where !== "flow" && content.kind === "block map") {
        return { kind: "map", pairs: this.#blockMap(), offset, ...properties };
      }
    } finally {
      this.#depth--;
    }
    if (content === token) throw new YamlProblem("no content", offset, this.#brackets.at(-1));
    return { ...empty(token.offset), ...properties };
  }

  /** An anchor and a tag, in any order. */
  #properties(): Properties {
    let anchor: string | undefined;
    let tag: string | undefined;
    for (;; this.#at++) {
      const token = this.#peek();
      if (token.kind === "anchor" && anchor === undefined) anchor = token.name;
      else if (token.kind === "tag" && tag === undefined) tag = this.#fullTag(token);
      else return { ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) };
    }
  }

  #fullTag({ handle, suffix, offset }: Token & { kind: "tag" }): string {
    if (handle === "") return suffix;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw new YamlProblem("tag handle", offset);
    return prefix + suffix;
  }

  #blockList(): YamlNode[] {
    const { offset } = this.#take("block list")!;
    const items = this.#items("entry", "block end");
    if (!this.#take("block end")) throw new YamlProblem("no item", this.#peek().offset, offset);
    return items;
  }

  /** @param ends what follows an item of nothing */
  #items(...ends: readonly MarkKind[]): YamlNode[] {
    const items: YamlNode[] = [];
    for (let entry = this.#take("entry"); entry; entry = this.#take("entry")) {
      items.push(this.#is(...ends) ? empty(entry.offset) : this.#node("block"));
    }
    return items;
  }

  #blockMap(): Pair[] {
    const { offset } = this.#take("block map")!;
    const pairs: Pair[] = [];
    while (!this.#take("block end")) {
      const { offset: start } = this.#peek();
      if (!this.#take("key")) throw new YamlProblem("no key", start, offset);
      const key = this.#is("key", "value", "block end") ? empty(start) : this.#node("value");
      const value = this.#take("value") && !this.#is("key", "value", "block end")
        ? this.#node("value")
        : empty(key.offset);
      pairs.push({ key, value });
    }
    return pairs;
  }

  #bracket(kind: "[" | "{"): YamlNode {
    const { offset } = this.#take(kind)!;
    this.#brackets.push(offset);
    const node: YamlNode = kind === "["
      ? { kind: "list", items: this.#flowList(offset), offset }
      : { kind: "map", pairs: this.#flowMap(offset), offset };
    this.#brackets.pop();
    return node;
  }

  #flowList(offset: number): YamlNode[] {
    const items: YamlNode[] = [];
    while (!this.#take("]")) {
      if (items.length > 0) this.#comma(offset);
      if (this.#take("]")) break;
      items.push(this.#is("key") ? this.#flowPair() : this.#node("flow"));
    }
    return items;
  }

  /** `a: b` as an item of a list: a mapping of its own. */
  #flowPair(): YamlNode {
    const { offset } = this.#take("key")!;
    const keyless = this.#take("value") ?? this.#take(",") ?? this.#take("]");
    const key = keyless ? empty(offset) : this.#node("flow");
    const value = this.#take("value") && !this.#is(",", "]") ? this.#node("flow") : empty(key.offset);
    return { kind: "map", pairs: [{ key, value }], offset };
  }

  #flowMap(offset: number): Pair[] {
    const pairs: Pair[] = [];
    while (!this.#take("}")) {
      if (pairs.length > 0) this.#comma(offset);
      if (this.#take("}")) break;
      const { offset: start } = this.#peek();
      const explicit = this.#take("key");
      const key = explicit && this.#is("value", ",", "}") ? empty(start) : this.#node("flow");
      const value = explicit && this.#take("value") && !this.#is(",", "}") ? this.#node("flow") : empty(key.offset);
      pairs.push({ key, value });
    }
    return pairs;
  }

  #comma(start: number): void {
    if (!this.#take(",")) throw new YamlProblem("no comma", this.#peek().offset, start);
  }
}

function empty(offset: number): YamlNode {
  return { kind: "scalar", style: "plain", text: "", offset };
}
