import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Parser } from "yaml";
import type { Alias, CST, Node, Scalar } from "yaml";
import type { Issue } from "../model/issue.ts";
import { formatPath } from "../model/path.ts";
import { nearestPosition, type Position } from "../model/position.ts";

/** A YAML text as plain values, with the place of each. */
export interface YamlText {
  /** null for an empty text. Numbers whose text would be lost (`0400`, `1.10`) stay text. */
  readonly value: unknown;
  /** Where a key or list item stands; falls back to the nearest parent that has a place, at last to the file's start. */
  readonly positionOf: (path: string) => Position;
  /** What is wrong with the YAML itself. */
  readonly issues: readonly Issue[];
}

/** What every code of this kind of file starts with. */
export type CodePrefix = "CONFIG" | "MANIFEST";

const maxCharacters = 256 * 1024;
/** Counted with aliases expanded, so that a small text cannot become a large value. */
const maxNodes = 50_000;
const maxDepth = 50;
/** More issues than anyone reads: the rest is left out. */
export const maxIssues = 500;

/** Reads one YAML 1.2 document strictly: no duplicate keys, no tabs, no unknown tags, no second document. */
export function readYaml(text: string, file: string, prefix: CodePrefix): YamlText {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (message: string, offset: number, hint: string): YamlText => {
    const issue: Issue = { code: `${prefix}_YAML`, severity: "error", message, hint, position: at(offset) };
    return { value: null, positionOf: () => at(0), issues: [issue] };
  };
  if (text.length > maxCharacters) {
    const message = `Cannot read ${text.length} characters of YAML, needed at most ${maxCharacters}`;
    return refuse(message, 0, "split the file, or take out what it does not need");
  }
  const deep = tooDeep(text, (offset) => lines.addNewLine(offset));
  if (deep !== undefined) {
    const message = `Cannot read the YAML: more than ${maxDepth} mappings and lists stand inside each other`;
    return refuse(message, deep, "look for a bracket that is not closed, or nest less");
  }
  lines.lineStarts.length = 0; // the second reading finds them again
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  const issues: Issue[] = [...document.errors, ...document.warnings].slice(0, maxIssues).map((error) => ({
    code: `${prefix}_YAML`,
    severity: "error",
    message: `Cannot read the YAML: ${error.message}`,
    ...(error.code === "TAB_AS_INDENT" ? { hint: "indent with spaces" } : {}),
    position: at(error.pos[0]),
  }));
  const reader = new Reader(at, prefix);
  const value = issues.length > 0 ? null : reader.read(document.contents, [], 0);
  return {
    value,
    positionOf: (path) => nearestPosition(reader.places, path) ?? at(0),
    issues: [...issues, ...reader.issues],
  };
}

/**
 * Where a text is nested deeper than its reader, which goes down by recursion, may follow. Counted without recursion.
 *
 * @returns the offset; undefined when it is not
 */
function tooDeep(text: string, onNewLine: (offset: number) => void): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser(onNewLine).parse(text)) open.push({ token, depth: 0 });
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    if (token.type === "document" && token.value) open.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Goes down by recursion, aliases included, at most `maxDepth` deep. */
class Reader {
  readonly places = new Map<string, Position>();
  readonly issues: Issue[] = [];
  /** By name, the last one that was read. */
  readonly #anchors = new Map<string, Node>();
  readonly #expanding = new Set<Node>();
  readonly #at: (offset: number) => Position;
  readonly #prefix: CodePrefix;
  #nodes = 0;

  constructor(at: (offset: number) => Position, prefix: CodePrefix) {
    this.#at = at;
    this.#prefix = prefix;
  }

  read(node: Node | null, path: readonly PropertyKey[], depth: number): unknown {
    if (++this.#nodes > maxNodes || depth > maxDepth) {
      if (this.#nodes <= maxNodes + 1) this.#report("YAML", "Cannot read the YAML: too many or too deep values", node);
      this.#nodes = maxNodes + 1;
      return null;
    }
    if (isAlias(node)) return this.#readAlias(node, path, depth);
    if (node?.anchor !== undefined && this.#expanding.size === 0) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#readMap(node.items, path, depth);
    if (isSeq(node)) {
      return node.items.map((item, index) => this.#readItem(item as Node | null, [...path, index], depth));
    }
    return isScalar(node) ? scalarValue(node) : null;
  }

  #readAlias(alias: Alias, path: readonly PropertyKey[], depth: number): unknown {
    const target = this.#anchors.get(alias.source);
    if (!target || this.#expanding.has(target)) {
      const found = target
        ? `the anchor "&${alias.source}" contains itself`
        : `no anchor "&${alias.source}" stands before`;
      const hint = target
        ? "take the alias out of its own anchor"
        : "define the anchor, or quote a value that begins with *";
      this.#report("YAML", `Cannot read the YAML: ${found}`, alias, hint);
      return null;
    }
    this.#expanding.add(target);
    const value = this.read(target, path, depth + 1);
    this.#expanding.delete(target);
    return value;
  }

  #readItem(item: Node | null, path: readonly PropertyKey[], depth: number): unknown {
    if (item?.range) this.#place(path, item.range[0]);
    return this.read(item, path, depth + 1);
  }

  #readMap(pairs: readonly { key: unknown; value: unknown }[], path: readonly PropertyKey[], depth: number): unknown {
    const values = new Map<string, unknown>();
    const seen = new Map<string, Position | undefined>();
    for (const pair of pairs) {
      const keyNode = pair.key as Node | null;
      if (!isScalar(keyNode)) {
        this.#report("YAML", "Cannot read the YAML: a key is not text", keyNode);
        continue;
      }
      const key = keyNode.value === null ? "" : String(scalarValue(keyNode));
      const position = keyNode.range ? this.#at(keyNode.range[0]) : undefined;
      if (seen.has(key)) {
        const first = seen.get(key);
        const text = `"${formatPath([...path, key])}" appears twice${first ? `, first on line ${first.line}` : ""}`;
        this.#report("DUPLICATE_KEY", text, keyNode, "keep one of the two");
        continue;
      }
      seen.set(key, position);
      if (keyNode.range) this.#place([...path, key], keyNode.range[0]);
      values.set(key, this.read(pair.value as Node | null, [...path, key], depth + 1));
    }
    return Object.fromEntries(values);
  }

  #place(path: readonly PropertyKey[], offset: number): void {
    this.places.set(formatPath(path), this.#at(offset));
  }

  #report(code: string, message: string, node: Node | null | undefined, hint?: string): void {
    if (this.issues.length >= maxIssues) return;
    const position = node?.range ? this.#at(node.range[0]) : undefined;
    this.issues.push({
      code: `${this.#prefix}_${code}`,
      severity: "error",
      message,
      position,
      ...(hint ? { hint } : {}),
    });
  }
}

/** A plain number whose text would not come back (`0400`, `2.20`) is kept as it was written. */
function scalarValue(scalar: Scalar): unknown {
  const { value, source } = scalar;
  if (typeof value === "number") return String(value) === source ? value : source ?? String(value);
  return value;
}
