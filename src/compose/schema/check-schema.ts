import { canonicalJson } from "../../model/digest.ts";
import type { Collector } from "../tree/collector.ts";
import {
  brokenFrom,
  describeType,
  issuePlace,
  keyPlaceOf,
  type ListNode,
  mapEntries,
  mapItems,
  type MapNode,
  type Node,
  type ScalarNode,
  show,
  whereIs,
} from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { createSettled } from "../tree/settled.ts";
import { projectSchema } from "./schema-project.ts";
import type { MapSchema, ScalarKind, Schema } from "./schema.ts";
import { headlessKeys, strandedKeys } from "./stranded-keys.ts";
import { didYouMean, suggest } from "../suggest.ts";
import { toJson } from "../tree/to-json.ts";
import { typeHint } from "./type-hint.ts";
import {
  ignoreKey,
  isKeyOfService,
  isSection,
  refuseHeadless,
  refuseKey,
  refuseKeyOfService,
  refuseSection,
} from "./unknown-keys.ts";

interface At {
  readonly path: string;
  readonly collector: Collector;
}

/** Holds the merged files against Compose's schema. What breaks it is replaced by a node that later phases leave alone. */
export function checkSchema(root: Node, collector: Collector): Node {
  return checkNode(root, projectSchema, { path: "", collector });
}

const checked = createSettled<Schema>();

/** As `checkSchema`, for a part of a file. */
export function checkNode(node: Node, schema: Schema, at: At): Node {
  return checked.has(node, schema) ? node : checked.add(checkKind(node, schema, at), schema);
}

function checkKind(node: Node, schema: Schema, at: At): Node {
  if (node.kind === "broken") return node;
  switch (schema.kind) {
    case "any":
      return node;
    case "scalar":
      return checkScalar(node, schema, at);
    case "list":
      return node.kind === "list" ? checkList(node, schema, at) : refuseType(node, [schema], at);
    case "map":
      return node.kind === "map" ? checkMap(node, schema, at) : refuseType(node, [schema], at);
    case "either": {
      const fitting = schema.of.find((option) => takes(option, node));
      return fitting ? checkNode(node, fitting, at) : refuseType(node, schema.of, at);
    }
  }
}

/** Whether a schema takes a node of this kind, whatever is in it. */
function takes(schema: Schema, node: Node): boolean {
  switch (schema.kind) {
    case "any":
      return true;
    case "scalar":
      return node.kind === "scalar" && hasType(node, schema.types);
    case "list":
    case "map":
      return node.kind === schema.kind;
    case "either":
      return schema.of.some((option) => takes(option, node));
  }
}

function hasType(node: ScalarNode, types: readonly ScalarKind[]): boolean {
  switch (node.type) {
    case "null":
      return types.includes("null");
    case "bool":
      return types.includes("boolean");
    case "string":
      return types.includes("string");
    case "int":
      return types.includes("integer") || types.includes("number");
    case "float":
      return types.includes("number") || (types.includes("integer") && Number.isInteger(node.value));
    case "date":
      return false;
  }
}

const typeNames: Readonly<Record<ScalarKind, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "nothing",
};

/** "nothing" is only named where nothing else is taken. */
function expectedOf(schemas: readonly Schema[]): string {
  const names = new Set<string>();
  const add = (schema: Schema): void => {
    if (schema.kind === "scalar") { for (const type of schema.types) names.add(typeNames[type]); }
    else if (schema.kind === "either") schema.of.forEach(add);
    else if (schema.kind !== "any") names.add(schema.kind === "list" ? "a list" : "a mapping");
  };
  schemas.forEach(add);
  if (names.size > 1) names.delete(typeNames.null);
  const sorted = [...names];
  return sorted.length === 1 ? sorted[0]! : `${sorted.slice(0, -1).join(", ")} or ${sorted.at(-1)}`;
}

function refuseType(node: Node, schemas: readonly Schema[], { path, collector }: At): Node {
  const expected = expectedOf(schemas);
  const found = node.kind === "scalar" && node.type !== "null" && node.type !== "date"
    ? `${describeType(node)} (${show(node)})`
    : describeType(node);
  collector.error("COMPOSE_TYPE", `${path || "the file"} is ${found}, not ${expected}`, {
    place: issuePlace(node),
    path,
    hint: typeHint({ node, path, schemas, expected }),
  });
  return brokenFrom(node);
}

function checkScalar(node: Node, schema: Schema & { kind: "scalar" }, at: At): Node {
  if (node.kind !== "scalar" || !hasType(node, schema.types)) return refuseType(node, [schema], at);
  const refuse = (needed: string, hint: string): Node => {
    at.collector.error("COMPOSE_VALUE", `${at.path} is ${show(node)}, not ${needed}`, {
      place: node.place,
      path: at.path,
      hint,
    });
    return brokenFrom(node);
  };
  if (typeof node.value === "number") {
    if (schema.minimum !== undefined && node.value < schema.minimum) {
      return refuse(`${schema.minimum} or more`, `give it ${schema.minimum} or more`);
    }
    if (schema.maximum !== undefined && node.value > schema.maximum) {
      return refuse(`${schema.maximum} or less`, `give it ${schema.maximum} or less`);
    }
  }
  const text = String(node.value);
  const nearest = (known: readonly string[]): string | undefined => node.secret ? undefined : didYouMean(text, known);
  if (schema.oneOf && !schema.oneOf.includes(text)) {
    const needed = schema.oneOf.length === 1 ? schema.oneOf[0]! : `one of ${schema.oneOf.join(", ")}`;
    return refuse(needed, nearest(schema.oneOf) ?? `write ${needed}`);
  }
  if (schema.pattern && !schema.pattern.test(text)) {
    return refuse(schema.expected ?? "of the right form", nearest(schema.known ?? []) ?? `write ${schema.expected}`);
  }
  return node;
}

function checkList(node: ListNode, schema: Schema & { kind: "list" }, at: At): Node {
  const seen = new Map<string, Node>();
  return mapItems(node, (item, index) => {
    const here = { ...at, path: joinIndex(at.path, index) };
    const taken = checkNode(item, schema.of, here);
    if (!schema.unique || taken.kind === "broken") return taken;
    const identity = canonicalJson(toJson(taken));
    const first = seen.get(identity);
    if (!first) {
      seen.set(identity, taken);
      return taken;
    }
    const isSame = first.place.source === item.place.source && first.place.offset === item.place.offset;
    at.collector.error(
      "COMPOSE_REPEATED",
      `${here.path} repeats ${show(item)} of ${isSame ? "this very line" : whereIs(first)}`,
      {
        place: item.place,
        path: here.path,
        hint: isSame
          ? "two files bring this line: list, include or extend its file once, or begin the later list with !override"
          : "write it once",
      },
    );
    return undefined;
  });
}

function checkMap(node: MapNode, schema: MapSchema, at: At): Node {
  const missing = (schema.required ?? []).filter((key) => !node.entries.has(key));
  const unknown = schema.open ? [] : [...node.entries.keys()].filter((key) => !isKnown(key, schema));
  // an unknown key that is like no other is most likely a missing one under another name
  const isOtherwiseNamed = unknown.some((key) => isOneOf(suggest(key, Object.keys(schema.keys)), missing));
  if (missing.length > 0 && !isOtherwiseNamed) {
    const keys = missing.map((key) => `\`${key}\``);
    at.collector.error("COMPOSE_REQUIRED_KEY", `${at.path} has no ${keys.join(" and no ")}`, {
      place: keyPlaceOf(node),
      path: at.path,
      hint: `add ${keys.join(" and ")}`,
    });
  }
  const stranded = strandedKeys(node, schema, takes);
  const isStranded = new Set([...stranded.values()].flat());
  const headless = headlessKeys(node, schema);
  const checked = mapEntries(node, (value, key) => {
    const here = { ...at, path: joinPath(at.path, key) };
    if (isStranded.has(key)) return undefined;
    const below = stranded.get(key);
    if (below) return refuseEmpty(value, below, here);
    const known = Object.hasOwn(schema.keys, key) ? schema.keys[key] : undefined;
    if (known) return checkNode(value, known, here);
    if (at.path === "services" && isSection(key, value)) return refuseSection(value, key, here);
    if (at.path === "services" && isKeyOfService(key, value)) return refuseKeyOfService(value, key, here);
    if (schema.extensions && key.startsWith("x-")) return value;
    if (schema.others && (schema.othersPattern?.test(key) ?? true)) return checkNode(value, schema.others, here);
    if (schema.open) {
      if (!schema.others) ignoreKey(value, key, schema, here);
      return value;
    }
    if (!headless?.keys.includes(key)) refuseKey(value, { key, missing }, schema, here);
    else if (key === headless.keys[0]) refuseHeadless(value, headless, here);
    return undefined;
  });
  return missing.length > 0 ? brokenFrom(node) : checked;
}

/** A key without a value, beside keys that were meant to stand below it. */
function refuseEmpty(value: Node, stranded: readonly string[], at: At): Node {
  const keys = stranded.map((key) => `"${key}"`).join(", ");
  at.collector.error(
    "COMPOSE_TYPE",
    `${at.path} has nothing below it: ${keys} ${stranded.length === 1 ? "stands" : "stand"} beside it`,
    {
      place: issuePlace(value),
      path: at.path,
      hint: `indent ${keys} further than this line`,
    },
  );
  return brokenFrom(value);
}

function isKnown(key: string, schema: MapSchema): boolean {
  return Object.hasOwn(schema.keys, key) || (schema.extensions === true && key.startsWith("x-"));
}

/** Whether the key that an unknown one most likely means, if there is such a key, is missing. */
function isOneOf(meant: string | undefined, missing: readonly string[]): boolean {
  return meant === undefined || missing.includes(meant);
}
