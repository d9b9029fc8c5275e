import type { Collector } from "../tree/collector.ts";
import { type UniqueRule, uniqueRules } from "./merge-rules.ts";
import {
  brokenFrom,
  describeType,
  entriesOf,
  entry,
  entryText,
  isText,
  type ListNode,
  mapEntries,
  type Node,
} from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { createSettled } from "../tree/settled.ts";
import { parseVolume } from "../forms/volumes.ts";
import { suggest } from "../suggest.ts";

const rules = compilePatterns(uniqueRules);

/** Takes out items that a later item of the same list redefines; the later one stands in the first one's place. */
export function enforceUnique(root: Node, collector: Collector): Node {
  return walk(root, "", rules, collector);
}

const unique = createSettled<Pattern<UniqueRule>>();

function walk(node: Node, path: string, rule: Pattern<UniqueRule> | undefined, collector: Collector): Node {
  if (!rule || unique.has(node, rule)) return node;
  return unique.add(uniqueBelow(node, path, rule, collector), rule);
}

function uniqueBelow(node: Node, path: string, rule: Pattern<UniqueRule>, collector: Collector): Node {
  if (node.kind === "map") {
    return mapEntries(node, (value, key) => walk(value, joinPath(path, key), descend(rule, key), collector));
  }
  return node.kind === "list" && rule.rule ? uniqueItems(node, path, rule.rule, collector) : node;
}

function uniqueItems(list: ListNode, path: string, rule: UniqueRule, collector: Collector): Node {
  const items: Node[] = [];
  const indexes = new Map<string, number>();
  let broken = false;
  list.items.forEach((item, index) => {
    if (item.kind === "broken") {
      items.push(item);
      return;
    }
    const identity = identityOf(item, rule);
    if (identity === undefined && (isLeftToSchema(item, rule) || collector.hasErrorAt(joinIndex(path, index)))) {
      items.push(item);
      return;
    }
    if (identity === undefined) {
      const here = joinIndex(path, index);
      collector.error(...problemOf(item, rule, here), {
        place: item.place,
        path: here,
        hint: hintOf(item, rule),
      });
      items.push(brokenFrom(item));
      broken = true;
      return;
    }
    const known = indexes.get(identity);
    if (known === undefined) {
      indexes.set(identity, items.length);
      items.push(item);
    } else {
      const earlier = items[known]!;
      items[known] = {
        ...item,
        history: { how: "replaced", place: earlier.place, variables: earlier.variables, before: earlier.history },
      };
    }
  });
  return items.length === list.items.length && !broken ? list : { ...list, items };
}

function problemOf(item: Node, rule: UniqueRule, path: string): ["COMPOSE_TYPE" | "COMPOSE_REQUIRED_KEY", string] {
  if (rule === "name" || rule === "text") return ["COMPOSE_TYPE", `${path} is ${describeType(item)}, not text`];
  return ["COMPOSE_REQUIRED_KEY", `${path} has no \`${identifyingKey(rule)}\``];
}

function identifyingKey(rule: UniqueRule): string {
  return rule === "env-file" ? "path" : "target";
}

/** Whether what identifies the item is there, of a wrong type or misspelled: the schema says that at its own place. */
function isLeftToSchema(item: Node, rule: UniqueRule): boolean {
  if (rule === "name" || rule === "text") return false;
  const wanted = identifyingKey(rule);
  return entriesOf(item).some(([key, value]) =>
    key === wanted ? value.kind !== "scalar" || value.type !== "null" : suggest(key, [wanted]) === wanted
  );
}

function hintOf(item: Node, rule: UniqueRule): string {
  const pair = entriesOf(item).find(([, value]) => value.kind === "scalar" && value.type !== "null");
  if (rule === "name" && pair) return "write NAME=value behind the `- `, or NAME: value without it in all lines";
  if (item.kind === "list") return "take one `- `, or one pair of brackets, away";
  if (rule === "name" || rule === "text") return "write text, in quotes if need be";
  if (rule === "env-file") return "add `path`";
  const short = entriesOf(item).length === 1 && !knownKeys.has(entriesOf(item)[0]![0]);
  return short
    ? "write SOURCE:TARGET without a space behind the colon"
    : "add `target`: the place inside the container";
}

/** Keys of mounts and ports in their long form: one of another name is a short form with a space too many. */
const knownKeys: ReadonlySet<string> = new Set(["type", "source", "target", "published", "protocol", "mode"]);

/** @returns undefined when the item lacks what identifies it */
function identityOf(item: Node, rule: UniqueRule): string | undefined {
  switch (rule) {
    case "name":
      return isText(item) ? item.value.split("=", 1)[0] : undefined;
    case "text":
      return item.kind === "scalar" && (item.type === "string" || item.type === "int") ? scalarText(item) : undefined;
    case "target":
    case "device":
      return mountIdentity(item, rule);
    case "port":
      return portIdentity(item);
    case "config":
      return fileIdentity(item, "");
    case "secret":
      return fileIdentity(item, "/run/secrets");
    case "env-file":
      if (isText(item)) return item.value;
      return item.kind === "map" ? entryText(item, "path") : "";
  }
}

function mountIdentity(item: Node, rule: "target" | "device"): string | undefined {
  if (item.kind === "map") return entryText(item, "target");
  if (!isText(item)) return "";
  if (rule === "target") {
    const volume = parseVolume(item.value);
    // a short form that cannot be read is reported where it becomes a long form
    return volume.kind === "volume" ? volume.target : item.value;
  }
  const parts = item.value.split(":");
  return parts[1] ?? parts[0]!;
}

function portIdentity(item: Node): string | undefined {
  if (item.kind === "map") {
    const target = entry(item, "target");
    if (!target) return undefined;
    const published = entry(item, "published");
    const text = (key: string, otherwise: string): string => {
      const value = entry(item, key);
      return value ? scalarText(value) ?? otherwise : otherwise;
    };
    const publishedText = published?.kind === "scalar" ? `${published.type} ${scalarText(published)}` : "";
    return `${text("host_ip", "0.0.0.0")}:${publishedText}:${scalarText(target)}/${text("protocol", "tcp")}`;
  }
  return scalarText(item) ?? "";
}

function fileIdentity(item: Node, folder: string): string | undefined {
  if (isText(item)) return `${folder}/${item.value}`;
  return entryText(item, "target") ?? `${folder}/${entryText(item, "source") ?? ""}`;
}
