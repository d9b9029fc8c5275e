import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, ParsedNode, Scalar } from "yaml";
import type { Issue } from "../model/issue.ts";
import { formatPath } from "../model/path.ts";
import type { Position } from "../model/position.ts";

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

const maxCharacters = 1_000_000;
/** Counted with aliases expanded, so that a small text cannot become a large value. */
const maxNodes = 50_000;
const maxDepth = 50;

/** Reads one YAML 1.2 document strictly: no duplicate keys, no tabs, no unknown tags, no second document. */
export function readYaml(text: string, file: string, prefix: CodePrefix): YamlText {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (text.length > maxCharacters) {
    const message = `Cannot read ${text.length} characters of YAML, needed at most ${maxCharacters}`;
    const issue: Issue = { code: `${prefix}_YAML`, severity: "error", message, position: at(0) };
    return { value: null, positionOf: () => at(0), issues: [issue] };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  const issues: Issue[] = [...document.errors, ...document.warnings].map((error) => ({
    code: `${prefix}_YAML`,
    severity: "error",
    message: `Cannot read the YAML: ${error.message}`,
    ...(error.code === "TAB_AS_INDENT" ? { hint: "indent with spaces" } : {}),
    position: at(error.pos[0]),
  }));
  const reader = new Reader(document, at, prefix);
  const value = issues.length > 0 ? null : reader.read(document.contents, [], 0);
  return {
    value,
    positionOf: (path) => nearestPlace(reader.places, path) ?? at(0),
    issues: [...issues, ...reader.issues],
  };
}

class Reader {
  readonly places = new Map<string, Position>();
  readonly issues: Issue[] = [];
  readonly #document: Document.Parsed<ParsedNode, true>;
  readonly #at: (offset: number) => Position;
  readonly #prefix: CodePrefix;
  #nodes = 0;

  constructor(document: Document.Parsed<ParsedNode, true>, at: (offset: number) => Position, prefix: CodePrefix) {
    this.#document = document;
    this.#at = at;
    this.#prefix = prefix;
  }

  read(node: Node | null, path: readonly PropertyKey[], depth: number): unknown {
    if (++this.#nodes > maxNodes || depth > maxDepth) {
      if (this.#nodes <= maxNodes + 1) this.#report("YAML", "Cannot read the YAML: too many or too deep values", node);
      this.#nodes = maxNodes + 1;
      return null;
    }
    if (isAlias(node)) return this.read(node.resolve(this.#document) ?? null, path, depth + 1);
    if (isMap(node)) return this.#readMap(node.items, path, depth);
    if (isSeq(node)) {
      return node.items.map((item, index) => this.#readItem(item as Node | null, [...path, index], depth));
    }
    return isScalar(node) ? scalarValue(node) : null;
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

function nearestPlace(places: ReadonlyMap<string, Position>, path: string): Position | undefined {
  for (let rest = path; rest !== "";) {
    const place = places.get(rest);
    if (place) return place;
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf("."), rest.lastIndexOf("[")));
  }
  return undefined;
}
