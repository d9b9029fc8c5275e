import type { Collector } from "../tree/collector.ts";
import { type Budget, budgets, limits } from "../limits.ts";
import { replaced } from "../merge/merge.ts";
import { isNull, type Node, type ScalarNode } from "../tree/node.ts";
import { positionAt, type Source } from "../tree/source.ts";
import { Anchors } from "./anchors.ts";
import { resolvePlain, resolveTagged, tagHint } from "./yaml-scalar.ts";
import { readYaml } from "./read-yaml.ts";
import type { YamlAlias, YamlList, YamlMap, YamlNode, YamlScalar } from "./yaml-node.ts";

/** One YAML document of a file. */
export interface ParsedDocument {
  readonly root: Node;
  /** Paths (in keys) of the values tagged `!reset` and `!override`: what earlier files say there is forgotten. */
  readonly resets: readonly (readonly string[])[];
}

export interface ParseOptions {
  readonly duplicateKeys: "refuse" | "last";
  readonly collector: Collector;
  readonly budget: Budget;
}

const mergeKey = "<<";

/**
 * Reads the documents of a file into positioned trees: aliases and merge keys expanded, `!reset` values taken out.
 *
 * @returns undefined when the text is not YAML; the reason is in the collector
 */
export function parseYaml(source: Source, options: ParseOptions): readonly ParsedDocument[] | undefined {
  const reader = new DocumentReader(source, options);
  return readYaml(source, options.collector)?.map((document) => reader.read(document));
}

/**
 * Turns documents into nodes. Compose's rules for tags, keys and merges are here and in `yaml-scalar.ts`. What stands open
 * is on the call stack: at most `limits.depth` mappings and lists, whichever aliases and merges lead there.
 */
class DocumentReader {
  readonly #source: Source;
  readonly #options: ParseOptions;
  readonly #anchors = new Anchors();
  #resets: (readonly string[])[] = [];
  /** Mappings and lists that were read: their `!reset` is taken out once, and is not found again behind an alias. */
  readonly #visited = new Set<YamlNode>();
  /** Whether the value lies in one tagged `!override`, where `!reset` means nothing. */
  #overriding = false;
  readonly #expanding = new Set<YamlNode>();
  /** Names of aliases without an anchor: each is told once. */
  readonly #unknown = new Set<string>();
  #exhausted = false;
  #depth = 0;
  #tooDeep = false;

  constructor(source: Source, options: ParseOptions) {
    this.#source = source;
    this.#options = options;
  }

  read(document: YamlNode): ParsedDocument {
    this.#anchors.bind(document);
    this.#resets = [];
    const root = this.#node(document, []) ?? this.#empty(0);
    return { root, resets: this.#resets };
  }

  #place(offset: number): { source: Source; offset: number } {
    return { source: this.#source, offset };
  }

  #empty(offset: number): ScalarNode {
    return { kind: "scalar", type: "null", value: null, place: this.#place(offset) };
  }

  #error(
    code: "YAML_ALIAS" | "YAML_LIMIT" | "YAML_MERGE" | "YAML_TAG" | "YAML_KEY",
    node: YamlNode,
    message: string,
    hint: string,
  ): Node {
    const place = this.#place(node.offset);
    this.#options.collector.error(code, message, { place, hint });
    return { kind: "broken", place };
  }

  /** @returns undefined for a value that `!reset` takes away */
  #node(node: YamlNode, path: readonly string[]): Node | undefined {
    if (node.kind === "alias") return this.#alias(node, path);
    if (this.#expanding.size > 0 && !this.#options.budget.take("aliasNodes", 1)) return this.#tooMuch(node);
    if (node.tag === "!reset" && !this.#overriding) {
      this.#resets.push(path);
      return undefined;
    }
    if (node.tag !== "!override") {
      this.#warnOfTag(node);
      return this.#content(node, path);
    }
    this.#resets.push(path);
    const outer = this.#overriding;
    this.#overriding = true;
    const read = this.#content(node, path);
    this.#overriding = outer;
    return read;
  }

  #warnOfTag({ tag, offset }: Exclude<YamlNode, YamlAlias>): void {
    const hint = tag && tagHint(tag);
    if (!hint) return;
    const place = this.#place(offset);
    this.#options.collector.warning("YAML_TAG", `Compose does nothing with the tag ${tag}`, { place, hint });
  }

  #content(node: Exclude<YamlNode, YamlAlias>, path: readonly string[]): Node {
    if (node.kind === "scalar") return this.#scalar(node);
    if (this.#depth >= limits.depth) return this.#refuseDepth(node);
    this.#depth++;
    const read = this.#collection(node, path);
    this.#depth--;
    return read;
  }

  #collection(node: YamlMap | YamlList, path: readonly string[]): Node {
    const again = this.#visited.has(node);
    if (!this.#overriding) this.#visited.add(node);
    const child = (value: YamlNode, key: string) =>
      again && this.#isReset(value) ? undefined : this.#node(value, [...path, key]);
    if (node.kind === "map") return this.#map(node, path, child);
    const items = node.items.map((item, index) => child(item, String(index))).filter((item) => item !== undefined);
    return { kind: "list", items, place: this.#place(node.offset) };
  }

  #isReset(node: YamlNode): boolean {
    return this.#anchors.resolve(node)?.tag === "!reset";
  }

  /** Written levels are counted before; aliases inside aliases, and merges inside merges, add up here. */
  #refuseDepth(node: YamlNode): Node {
    if (this.#tooDeep) return { kind: "broken", place: this.#place(node.offset) };
    this.#tooDeep = true;
    const message = `More than ${limits.depth} mappings and lists stand inside each other`;
    return this.#error("YAML_LIMIT", node, message, "nest fewer aliases and merges inside each other");
  }

  /** Said once: what follows of the same bomb is not looked at. */
  #tooMuch(node: YamlNode): Node {
    if (this.#exhausted) return { kind: "broken", place: this.#place(node.offset) };
    this.#exhausted = true;
    const message = `Aliases expand to more than ${budgets.aliasNodes} values`;
    return this.#error("YAML_LIMIT", node, message, "write fewer nested aliases");
  }

  #alias(alias: YamlAlias, path: readonly string[]): Node | undefined {
    const target = this.#anchors.resolve(alias);
    if (!target) {
      if (this.#unknown.has(alias.name)) return { kind: "broken", place: this.#place(alias.offset) };
      this.#unknown.add(alias.name);
      const meant = this.#options.collector.hasErrors() ? undefined : this.#anchors.nearest(alias.name);
      return this.#error(
        "YAML_ALIAS",
        alias,
        `No anchor "&${alias.name}" stands before "*${alias.name}"`,
        meant === undefined
          ? "define the anchor earlier in this file, or quote a value that begins with *"
          : `did you mean "*${meant}"?`,
      );
    }
    return this.#expand(alias, target, () => this.#node(target, path));
  }

  /** What an alias stands for, unless it stands in that itself. */
  #expand<Read>(alias: YamlAlias, target: YamlNode, read: () => Read): Read | Node {
    if (this.#expanding.has(target)) {
      return this.#error(
        "YAML_ALIAS",
        alias,
        `The anchor "&${alias.name}" contains itself`,
        "take the alias out of its own anchor",
      );
    }
    this.#expanding.add(target);
    const value = read();
    this.#expanding.delete(target);
    return value;
  }

  #scalar(node: YamlScalar): Node {
    const place = this.#place(node.offset);
    const { text, tag } = node;
    if (tag && tag !== "!") {
      const resolved = resolveTagged(tag, text);
      if (!resolved) {
        return this.#error(
          "YAML_TAG",
          node,
          `The value is not what its tag says`,
          "take the tag away or mend the value",
        );
      }
      return { kind: "scalar", ...resolved, place };
    }
    if (node.style !== "plain") return { kind: "scalar", type: "string", value: text, place };
    return { kind: "scalar", ...resolvePlain(text), place };
  }

  #map(
    map: YamlMap,
    path: readonly string[],
    child: (value: YamlNode, key: string) => Node | undefined,
  ): Node {
    const entries = new Map<string, Node>();
    const seen = new Map<string, YamlNode>();
    let merged: YamlNode | undefined;
    for (const { key, value } of map.pairs) {
      const name = this.#key(key);
      if (name === undefined) continue;
      if (!this.#firstOfItsName(name, key, seen) && !isNull(entries.get(name))) continue;
      if (isMergeKey(key)) {
        merged = value;
        continue;
      }
      const node = child(value, name);
      entries.delete(name);
      if (node) entries.set(name, { ...node, keyPlace: this.#place(key.offset) });
    }
    if (merged !== undefined) this.#merge(merged, entries, path);
    const place = this.#place(map.offset);
    // without a readable key nobody knows what it was meant to be
    return map.pairs.length > 0 && seen.size === 0 ? { kind: "broken", place } : { kind: "map", entries, place };
  }

  /** @returns false for a repeated key that is refused */
  #firstOfItsName(name: string, key: YamlNode, seen: Map<string, YamlNode>): boolean {
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, key);
      return true;
    }
    const { collector, duplicateKeys } = this.#options;
    const { line } = positionAt(this.#place(first.offset));
    const details = { place: this.#place(key.offset) };
    if (duplicateKeys === "last" && name !== mergeKey) {
      collector.warning(
        "YAML_DUPLICATE_KEY",
        `"${name}" stands in line ${line} already: the last one is taken`,
        details,
      );
      return true;
    }
    collector.error("YAML_DUPLICATE_KEY", `"${name}" stands in line ${line} already`, {
      ...details,
      hint: name === mergeKey
        ? "write one `<<: [*first, *second]`"
        : "keep one of the two, or say `duplicateKeys: last` in holdfast.yaml to take the last",
    });
    return false;
  }

  #key(key: YamlNode): string | undefined {
    const node = this.#anchors.resolve(key);
    if (!node) {
      this.#alias(key as YamlAlias, []);
      return undefined;
    }
    if (node.kind !== "scalar") {
      const hint =
        "write the key as plain text; put a value that begins with { or [, such as that of a template, in quotes";
      this.#error("YAML_KEY", key, "A key is a mapping or a list, not text", hint);
      return undefined;
    }
    if (isMergeKey(node)) return mergeKey;
    const resolved = this.#scalar(node);
    if (resolved.kind !== "scalar") return undefined;
    if (resolved.type === "string") return String(resolved.value);
    this.#error("YAML_KEY", key, `The key ${node.text || "(nothing)"} is not text`, keyHint(node.text));
    return undefined;
  }

  /** Keys that stand in the mapping win; of several merged mappings the first wins. */
  #merge(merged: YamlNode, entries: Map<string, Node>, path: readonly string[]): void {
    const target = this.#anchors.resolve(merged);
    if (target?.kind !== "list") return this.#mergeMapping(merged, entries, path);
    const mergeItems = (): void => target.items.forEach((mapping) => this.#mergeMapping(mapping, entries, path));
    if (merged.kind === "alias") this.#expand(merged, target, mergeItems);
    else mergeItems();
  }

  #mergeMapping(mapping: YamlNode, entries: Map<string, Node>, path: readonly string[]): void {
    const target = this.#anchors.resolve(mapping);
    if (target && target.kind !== "map") {
      this.#error(
        "YAML_MERGE",
        mapping,
        "`<<` takes a mapping or a list of mappings",
        "give it an alias of a mapping: `<<: *name`",
      );
      return;
    }
    const node = this.#node(mapping, path);
    if (node?.kind !== "map") return;
    for (const [key, value] of node.entries) {
      const known = entries.get(key);
      entries.set(key, known ? replaced(value, known) : value);
    }
  }
}

function isMergeKey(node: YamlNode): boolean {
  if (node.kind !== "scalar" || node.text !== mergeKey) return false;
  if (node.tag === "tag:yaml.org,2002:merge") return true;
  return node.style === "plain" && (!node.tag || node.tag === "!");
}

function keyHint(text: string): string {
  return /^\d+$/.test(text)
    ? `write the key in quotes; in a text such as ${text}:80, no space stands behind the colon`
    : "write the key in quotes";
}
