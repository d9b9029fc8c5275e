import { compareText } from "../../model/issue.ts";
import type { Collector } from "../tree/collector.ts";
import { contentKey } from "../variables/contents.ts";
import { describeType, isNull, issuePlace, mapFrom, type MapNode, type Node, show } from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import type { Shape, StructShape } from "./shape.ts";
import {
  encodeAnyTexts,
  encodeCommand,
  encodeEnvFile,
  encodeEnvironment,
  encodeHealthTest,
  encodeHosts,
  encodeLabels,
  encodeMultiOptions,
  encodeOptions,
  encodeSsh,
  encodeTextMap,
  encodeTexts,
  encodeUlimit,
} from "./list-values.ts";
import {
  encodeBytes,
  encodeDeviceCount,
  encodeDuration,
  encodeFileMode,
  encodeFlag,
  encodeFloat,
  encodeInt,
  type Encoder,
  encodeText,
} from "./values.ts";

/** Where a value stands in the model. */
export interface EncodeAt {
  readonly path: string;
  readonly collector: Collector;
}

/**
 * Brings a tree in long form into Compose's canonical one: every value of the type that Compose gives it, keys in
 * Compose's order, empty values left out.
 *
 * @returns undefined for a value that is left out
 */
export function encode(node: Node, shape: Shape, at: EncodeAt): Node | undefined {
  if (node.kind === "broken") return undefined;
  switch (shape.kind) {
    case "struct":
      return encodeStruct(node, shape, at);
    case "list":
      return encodeList(node, shape.of, at);
    case "map":
      return encodeMap(node, shape.of, at);
    case "flag":
      return take(node, at, (value, fail) => encodeFlag(value, shape.keep === true, fail));
    case "int":
      return take(
        node,
        at,
        (value, fail) =>
          encodeInt(value, {
            keep: shape.keep === true,
            texts: shape.texts === true,
            unsigned: shape.unsigned === true,
          }, fail),
      );
    case "bytes":
      return take(node, at, (value, fail) => encodeBytes(value, shape.keep === true, fail));
    case "duration":
      return take(node, at, (value, fail) => encodeDuration(value, shape.keep === true, fail));
    case "text":
      return take(node, at, (value, fail) => encodeText(value, shape.keep === true, fail));
    case "command":
      return isNull(node) && !shape.printNull ? undefined : take(node, at, encodeCommand);
    default:
      return take(node, at, encoders[shape.kind]);
  }
}

const encoders = {
  float: encodeFloat,
  cpus: encodeFloat,
  texts: encodeTexts,
  "any-texts": encodeAnyTexts,
  "text-map": encodeTextMap,
  labels: encodeLabels,
  environment: encodeEnvironment,
  options: encodeOptions,
  "multi-options": encodeMultiOptions,
  hosts: encodeHosts,
  "health-test": encodeHealthTest,
  "device-count": encodeDeviceCount,
  ulimit: encodeUlimit,
  "file-mode": encodeFileMode,
  "env-file": encodeEnvFile,
  ssh: encodeSsh,
} satisfies Record<string, Encoder>;

/** Runs an encoder; what it cannot take becomes an issue. */
function take(node: Node, at: EncodeAt, encoder: Encoder): Node | undefined {
  return encoder(node, (problem, culprit = node, hint) => {
    const found = culprit.kind === "scalar" ? show(culprit) : describeType(culprit);
    at.collector.error("COMPOSE_VALUE", `${at.path} is ${found}, not ${problem}`, {
      place: issuePlace(culprit),
      path: at.path,
      hint: hint ?? `write ${problem}`,
    });
    return undefined;
  });
}

function encodeStruct(node: Node, shape: StructShape, at: EncodeAt): Node | undefined {
  if (node.kind !== "map") {
    if (!isNull(node)) return take(node, at, (_, fail) => fail("a mapping"));
    return shape.always ? encodeFields(mapFrom(node, []), shape, at) : undefined;
  }
  return encodeFields(node, shape, at);
}

function encodeFields(node: MapNode, shape: StructShape, at: EncodeAt): MapNode {
  const entries: [string, Node][] = [];
  for (const [key, said] of Object.entries(shape.fields)) {
    const field = shape.complete ? { ...said, keep: true } : said;
    const value = node.entries.get(key) ?? absent(field, { parent: node, complete: shape.complete === true });
    if (!value) continue;
    const encoded = encode(value, field, { ...at, path: joinPath(at.path, key) });
    if (encoded) entries.push([shape.names?.[key] ?? key, encoded]);
  }
  const extensions = shape.extensions === "forgotten" ? [] : extensionsOf(node);
  return { ...mapFrom(node, entries), ...(extensions.length > 0 && { extensions: new Map(extensions) }) };
}

/** The `x-…` that files wrote, as they are. */
function extensionsOf(node: MapNode): readonly (readonly [string, Node])[] {
  return [...node.entries].filter(([key]) => key.startsWith("x-") && key !== contentKey);
}

/** What stands for a field that is not said and printed all the same. */
function absent(shape: Shape, of: { readonly parent: Node; readonly complete: boolean }): Node | undefined {
  const { place } = of.parent;
  if (shape.kind === "command" && shape.printNull) return { kind: "scalar", type: "null", value: null, place };
  if (shape.kind === "struct" && shape.always) return { kind: "map", entries: new Map(), place };
  if (!of.complete) return undefined;
  return shape.kind === "text"
    ? { kind: "scalar", type: "string", value: "", place }
    : { kind: "scalar", type: "int", value: 0, place };
}

function encodeList(node: Node, of: Shape, at: EncodeAt): Node | undefined {
  if (isNull(node)) return undefined;
  if (node.kind !== "list") return take(node, at, (_, fail) => fail("a list"));
  const items: Node[] = [];
  node.items.forEach((item, index) => {
    const encoded = encode(item, of, { ...at, path: joinIndex(at.path, index) });
    if (encoded) items.push(encoded);
  });
  return items.length === 0 ? undefined : { ...node, items };
}

function encodeMap(node: Node, of: Shape, at: EncodeAt): Node | undefined {
  if (isNull(node)) return undefined;
  if (node.kind !== "map") return take(node, at, (_, fail) => fail("a mapping"));
  const entries: [string, Node][] = [];
  for (const [key, value] of [...node.entries].sort(([a], [b]) => compareText(a, b))) {
    const encoded = isNull(value) ? value : encode(value, of, { ...at, path: joinPath(at.path, key) });
    if (encoded) entries.push([key, encoded]);
  }
  return entries.length === 0 ? undefined : mapFrom(node, entries);
}
