import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, Scalar } from "yaml";
import type { Node as YamlNode, YAMLMap } from "yaml";
import type { Collector } from "../tree/collector.ts";
import { type Budget, budgets } from "../limits.ts";
import type { Node, ScalarNode } from "../tree/node.ts";
import { positionAt, type Source } from "../tree/source.ts";
import { resolvePlain, resolveTagged } from "./yaml-scalar.ts";
import { composeYaml } from "./yaml-text.ts";

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
  const documents = composeYaml(source, options.collector);
  return documents?.map((document) => new DocumentReader(source, options).read(document));
}

/** Turns one composed document into nodes. Compose's rules for tags, keys and merges are here and in `yaml-scalar.ts`. */
class DocumentReader {
  readonly #source: Source;
  readonly #options: ParseOptions;
  readonly #targets = new Map<Alias, YamlNode>();
  readonly #anchors = new Map<string, YamlNode>();
  readonly #resets: (readonly string[])[] = [];
  readonly #expanding = new Set<YamlNode>();
  #exhausted = false;

  constructor(source: Source, options: ParseOptions) {
    this.#source = source;
    this.#options = options;
  }

  read(document: Document.Parsed): ParsedDocument {
    this.#bindAliases(document.contents);
    const root = this.#node(document.contents, []) ?? this.#empty(0);
    return { root, resets: this.#resets };
  }

  /** An alias means the nearest anchor of that name before it. */
  #bindAliases(node: YamlNode | null): void {
    if (!node) return;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) this.#targets.set(node, target);
      return;
    }
    if ("anchor" in node && node.anchor) {
      this.#anchors.set(node.anchor, node);
      if (!/^[\w-]+$/.test(node.anchor)) {
        this.#error(
          "YAML_ALIAS",
          node,
          `The anchor "&${node.anchor}" has other characters than letters, digits, _ and -`,
          "rename it",
        );
      }
    }
    if (isMap(node)) {
      for (const pair of node.items) {
        this.#bindAliases(pair.key as YamlNode | null);
        this.#bindAliases(pair.value as YamlNode | null);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) this.#bindAliases(item as YamlNode | null);
    }
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
    const place = this.#place(offsetOf(node));
    this.#options.collector.error(code, message, { place, hint });
    return { kind: "broken", place };
  }

  /** @returns undefined for a value that `!reset` takes away */
  #node(node: YamlNode | null, path: readonly string[]): Node | undefined {
    if (!node) return this.#empty(0);
    if (isAlias(node)) return this.#alias(node, path);
    if (this.#expanding.size > 0 && !this.#options.budget.take("aliasNodes", 1)) return this.#tooMuch(node);
    if (node.tag === "!reset") {
      this.#resets.push(path);
      return undefined;
    }
    if (node.tag === "!override") this.#resets.push(path);
    if (isMap(node)) return this.#map(node, path);
    if (isSeq(node)) {
      const items: Node[] = [];
      for (const [index, item] of node.items.entries()) {
        const read = this.#node(item as YamlNode | null, [...path, String(index)]);
        if (read) items.push(read);
      }
      return { kind: "list", items, place: this.#place(offsetOf(node)) };
    }
    return this.#scalar(node as Scalar);
  }

  /** Said once: what follows of the same bomb is not looked at. */
  #tooMuch(node: YamlNode): Node {
    if (this.#exhausted) return { kind: "broken", place: this.#place(offsetOf(node)) };
    this.#exhausted = true;
    const message = `Aliases expand to more than ${budgets.aliasNodes} values`;
    return this.#error("YAML_LIMIT", node, message, "write fewer nested aliases");
  }

  #alias(alias: Alias, path: readonly string[]): Node | undefined {
    const target = this.#targets.get(alias);
    if (!target) {
      return this.#error(
        "YAML_ALIAS",
        alias,
        `No anchor "&${alias.source}" stands before "*${alias.source}"`,
        "define the anchor earlier in this file, or quote a value that begins with *",
      );
    }
    if (this.#expanding.has(target)) {
      return this.#error(
        "YAML_ALIAS",
        alias,
        `The anchor "&${alias.source}" contains itself`,
        "take the alias out of its own anchor",
      );
    }
    this.#expanding.add(target);
    const node = this.#node(target, path);
    this.#expanding.delete(target);
    return node;
  }

  #scalar(node: Scalar): Node {
    const place = this.#place(offsetOf(node));
    const text = typeof node.value === "string" ? node.value : node.source ?? "";
    const plain = node.type === Scalar.PLAIN || node.type === undefined;
    if (node.tag && node.tag !== "!" && node.tag !== "!override") {
      const resolved = resolveTagged(node.tag, text);
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
    if (!plain) return { kind: "scalar", type: "string", value: text, place };
    return { kind: "scalar", ...resolvePlain(text), place };
  }

  #map(map: YAMLMap, path: readonly string[]): Node {
    const entries = new Map<string, Node>();
    const seen = new Map<string, YamlNode>();
    let merged: YamlNode | null | undefined;
    for (const pair of map.items) {
      const key = pair.key as YamlNode | null;
      const value = pair.value as YamlNode | null;
      const name = this.#key(key, map);
      if (name === undefined) continue;
      if (!this.#firstOfItsName(name, key!, seen)) continue;
      if (isMergeKey(key)) {
        merged = value;
        continue;
      }
      const keyPlace = this.#place(offsetOf(key!));
      const node = value ? this.#node(value, [...path, name]) : this.#empty(offsetOf(key!));
      entries.delete(name);
      if (node) entries.set(name, { ...node, keyPlace });
    }
    if (merged !== undefined) this.#merge(merged, entries, path, map);
    return { kind: "map", entries, place: this.#place(offsetOf(map)) };
  }

  /** @returns false for a repeated key that is refused */
  #firstOfItsName(name: string, key: YamlNode, seen: Map<string, YamlNode>): boolean {
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, key);
      return true;
    }
    const { collector, duplicateKeys } = this.#options;
    const { line } = positionAt(this.#place(offsetOf(first)));
    const details = { place: this.#place(offsetOf(key)) };
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

  #key(key: YamlNode | null, map: YAMLMap): string | undefined {
    const node = isAlias(key) ? this.#targets.get(key) : key;
    if (isScalar(node)) {
      const resolved = isMergeKey(node) ? undefined : this.#scalar(node);
      if (!resolved) return mergeKey;
      if (resolved.kind === "scalar" && resolved.type === "string") return String(resolved.value);
      this.#error(
        "YAML_KEY",
        node,
        `The key ${String(node.value) || "(nothing)"} is not text`,
        "write the key in quotes",
      );
      return undefined;
    }
    this.#error("YAML_KEY", key ?? map, "A key is a mapping or a list, not text", "write the key as plain text");
    return undefined;
  }

  /** Keys that stand in the mapping win; of several merged mappings the first wins. */
  #merge(merged: YamlNode | null, entries: Map<string, Node>, path: readonly string[], map: YAMLMap): void {
    const target = isAlias(merged) ? this.#targets.get(merged) : merged;
    if (isSeq(target)) {
      for (const item of target.items) this.#merge(item as YamlNode | null, entries, path, map);
      return;
    }
    if (!target || !isMap(target)) {
      if (isAlias(merged) && !target) this.#alias(merged, path);
      else {
        this.#error(
          "YAML_MERGE",
          target ?? map,
          "`<<` takes a mapping or a list of mappings",
          "give it an alias of a mapping: `<<: *name`",
        );
      }
      return;
    }
    const node = this.#node(merged!, path);
    if (node?.kind !== "map") return;
    for (const [key, value] of node.entries) if (!entries.has(key)) entries.set(key, value);
  }
}

function offsetOf(node: YamlNode): number {
  return node.range?.[0] ?? 0;
}

function isMergeKey(node: unknown): boolean {
  if (!isScalar(node)) return false;
  if (node.tag === "tag:yaml.org,2002:merge") return node.source === mergeKey;
  return node.value === mergeKey && (!node.tag || node.tag === "!") &&
    (node.type === Scalar.PLAIN || node.type === undefined);
}
