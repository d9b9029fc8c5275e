import type { Collector } from "../tree/collector.ts";
import { startedDependency } from "../forms/defaults.ts";
import { type MergeRule, mergeRules } from "./merge-rules.ts";
import {
  brokenFrom,
  describeType,
  entry,
  type History,
  isNull,
  issuePlace,
  isText,
  type ListNode,
  mapFrom,
  type MapNode,
  type Node,
  nullFrom,
  show,
  textFrom,
  whereIs,
} from "../tree/node.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { type Budget, budgets } from "../limits.ts";
import { joinPath } from "../tree/model-path.ts";
import { compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { compareText } from "../../model/issue.ts";

const rules = compilePatterns(mergeRules);

/** Where issues go, and what merging may still use up. */
export interface MergeOptions {
  readonly collector: Collector;
  readonly budget: Budget;
}

interface At extends MergeOptions {
  readonly path: string;
  readonly rule: Pattern<MergeRule> | undefined;
}

/** Merges a file over what the files before it say. */
export function mergeFiles(base: Node, over: Node, { collector, budget }: MergeOptions): Node {
  return merge(base, over, { path: "", rule: rules, collector, budget });
}

/** Merges a service, which stands at `path`, over the one that it extends. */
export function mergeServices(base: Node, over: Node, options: MergeOptions & { readonly path: string }): Node {
  return merge(base, over, { ...options, rule: descend(descend(rules, "services"), "*") });
}

function merge(base: Node, over: Node, at: At): Node {
  if (base.kind === "broken") return base;
  if (over.kind === "broken") return over;
  if (!at.budget.take("mergedEntries", workOf(base, over, at.rule?.rule))) return refuseWork(over, at);
  const rule = at.rule?.rule;
  if (rule) return mergeBy(rule, base, over, at);
  if (isNull(over)) return base;
  if (base.kind === "map") {
    return over.kind === "map" ? mergeMaps(base, over, at) : mismatch(base, over, at);
  }
  if (base.kind === "list") {
    if (over.kind !== "list") return mismatch(base, over, at);
    return merged(base, over, { kind: "list", items: [...base.items, ...over.items] });
  }
  return replaced(base, over);
}

/** How many entries merging two values makes at most, before it makes them. */
function workOf(base: Node, over: Node, rule: MergeRule | undefined): number {
  return rule === "subnets" ? (sizeHere(base) + 1) * (sizeHere(over) + 1) : sizeHere(base) + sizeHere(over);
}

function sizeHere(node: Node): number {
  return node.kind === "map" ? node.entries.size : node.kind === "list" ? node.items.length : 0;
}

/** Without a place: however often it strikes, it is told once. */
function refuseWork(over: Node, { collector }: At): Node {
  collector.error("YAML_LIMIT", `Merging the files makes more than ${budgets.mergedEntries} entries`, {
    hint: "split the project, or let fewer services extend each other",
  });
  return brokenFrom(over);
}

function mergeBy(rule: MergeRule, base: Node, over: Node, at: At): Node {
  switch (rule) {
    case "replace":
      return replaced(base, over);
    case "entries":
      return merged(base, over, { kind: "list", items: [...toEntries(base), ...toEntries(over)] });
    case "hosts": {
      const first = toEntries(base);
      const known = new Set(first.map((item) => isText(item) ? item.value : ""));
      const more = toEntries(over).filter((item) => !isText(item) || !known.has(item.value));
      return merged(base, over, { kind: "list", items: [...first, ...more] });
    }
    case "names":
      if (refuseUnnamed(base, at) || refuseUnnamed(over, at)) return brokenFrom(over);
      return mergeAsMaps(toNames(base, nullFrom), toNames(over, nullFrom), over, at);
    case "dependencies":
      if (refuseUnnamed(base, at) || refuseUnnamed(over, at)) return brokenFrom(over);
      return mergeAsMaps(toNames(base, startedDependency), toNames(over, startedDependency), over, at);
    case "build":
      return mergeAsMaps(toBuild(base), toBuild(over), over, at);
    case "logging":
      return mergeLogging(base, over, at);
    case "subnets":
      return mergeSubnets(base, over, at);
  }
}

/** Reports what is neither a mapping by name nor a list of names, which merging would lose. */
function refuseUnnamed(node: Node, at: At): boolean {
  const culprit = node.kind === "list"
    ? node.items.find((item) => item.kind !== "broken" && !isText(item))
    : node.kind === "map" || node.kind === "broken" || isNull(node)
    ? undefined
    : node;
  if (!culprit) return false;
  const wanted = node.kind === "list" ? "a name" : "a mapping or a list of names";
  at.collector.error("COMPOSE_TYPE", `${at.path}: ${describeType(culprit)} (${show(culprit)}) is not ${wanted}`, {
    place: issuePlace(culprit),
    path: at.path,
    hint: `write ${wanted}`,
  });
  return true;
}

function mismatch(base: Node, over: Node, at: At): Node {
  const kind = base.kind === "map" ? "a mapping" : "a list";
  at.collector.error("COMPOSE_MERGE", `${at.path} is ${kind} in ${whereIs(base)} and something else here`, {
    place: issuePlace(over),
    path: at.path,
    hint: `write ${kind}, or \`!override\` before the value to replace the earlier one`,
  });
  return { kind: "broken", place: over.place };
}

function mergeMaps(base: MapNode, over: MapNode, at: At): MapNode {
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const earlier = entries.get(key);
    entries.set(
      key,
      earlier ? merge(earlier, value, { ...at, path: joinPath(at.path, key), rule: descend(at.rule, key) }) : value,
    );
  }
  return merged(base, over, { kind: "map", entries }) as MapNode;
}

function mergeAsMaps(base: MapNode | undefined, over: MapNode | undefined, written: Node, at: At): Node {
  if (base && over) return mergeMaps(base, over, at);
  return base ?? over ?? written;
}

function mergeLogging(base: Node, over: Node, at: At): Node {
  if (isNull(over)) return base;
  if (base.kind !== "map" || over.kind !== "map") return replaced(base, over);
  const earlier = entry(base, "driver");
  const later = entry(over, "driver");
  if (!earlier || !later || scalarText(earlier) === scalarText(later)) return mergeMaps(base, over, at);
  return replaced(base, over);
}

/**
 * Compose's own way, its oddities included: each earlier pool meets each later one, takes over those that another one
 * brought in already, and is itself forgotten when no later pool has its subnet.
 */
function mergeSubnets(base: Node, over: Node, at: At): Node {
  if (isNull(over)) return base;
  if (base.kind !== "list" || over.kind !== "list") return mismatch(base, over, at);
  const pools: { pool: MapNode }[] = [];
  const indexOf = (subnet: string): number => pools.findIndex(({ pool }) => subnetOf(pool) === subnet);
  const laterPools = over.items.map((item) => toNames(item, nullFrom)).filter((pool) => pool !== undefined)
    .map((pool) => ({ pool }));
  for (const original of base.items) {
    const earlierPool = toNames(original, nullFrom);
    if (!earlierPool) continue;
    const earlier = { pool: earlierPool };
    for (const later of laterPools) {
      if (subnetOf(earlier.pool) !== subnetOf(later.pool) && indexOf(subnetOf(later.pool)) === -1) {
        pools.push(later);
        continue;
      }
      earlier.pool = mergeMaps(earlier.pool, later.pool, { ...at, rule: undefined });
      const index = indexOf(subnetOf(earlier.pool));
      if (index === -1) pools.push(earlier);
      else pools[index] = earlier;
    }
  }
  return merged(base, over, { kind: "list", items: pools.map(({ pool }) => pool) });
}

function subnetOf(pool: MapNode): string {
  const subnet = entry(pool, "subnet");
  return subnet ? scalarText(subnet) ?? "" : "";
}

/** The node that stands where another one stood. */
export function replaced(base: Node, over: Node): Node {
  return { ...over, history: historyOf(base, over, "replaced") };
}

/** A mapping or list that two places make; its place is the later one. */
function merged(
  base: Node,
  over: Node,
  made: Pick<MapNode, "kind" | "entries"> | Pick<ListNode, "kind" | "items">,
): Node {
  return {
    ...made,
    place: over.place,
    ...(over.keyPlace && { keyPlace: over.keyPlace }),
    ...((base.secret || over.secret) && { secret: true }),
    history: historyOf(base, over, "merged"),
  };
}

function historyOf(base: Node, over: Node, how: History["how"]): History {
  const { keyPlace, place, variables, history } = base;
  const earlier: History = { how, place: keyPlace ?? place, ...(variables && { variables }), before: history };
  if (!over.history) return earlier;
  // what the later value went through before it came here (an `extends` of its own) comes first
  const own: History[] = [];
  for (let at: History | undefined = over.history; at; at = at.before) own.push(at);
  return own.reduceRight<History>((before, step) => ({ ...step, before }), earlier);
}

/** `key=value` texts of a mapping, in order of text; a list as it is. */
function toEntries(node: Node): readonly Node[] {
  if (node.kind === "list") return node.items;
  if (isText(node)) return [node];
  if (node.kind !== "map") return [];
  const items: Node[] = [];
  for (const [key, value] of node.entries) {
    if (isNull(value)) items.push(textFrom(value, key));
    else if (value.kind === "list") {
      for (const item of value.items) {
        items.push(textFrom({ ...item, keyPlace: value.keyPlace }, `${key}=${scalarText(item) ?? ""}`));
      }
    } else items.push(textFrom(value, `${key}=${scalarText(value) ?? ""}`));
  }
  return items.sort((a, b) => compareText(textOf(a), textOf(b)));
}

function textOf(node: Node): string {
  return isText(node) ? node.value : "";
}

function toNames(node: Node, valueOf: (item: Node) => Node): MapNode | undefined {
  if (node.kind === "map") return node;
  if (node.kind !== "list") return undefined;
  const entries: [string, Node][] = [];
  for (const item of node.items) {
    if (isText(item)) entries.push([item.value, valueOf({ ...item, keyPlace: item.place })]);
  }
  return mapFrom(node, entries);
}

function toBuild(node: Node): MapNode | undefined {
  if (node.kind === "map") return node;
  return isText(node) ? mapFrom(node, [["context", node]]) : undefined;
}
