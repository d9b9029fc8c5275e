import type { ExplainedVariable, ExplainStep, Explanation } from "../model/explanation.ts";
import { compareText } from "../model/issue.ts";
import { nearestWord } from "../model/nearest.ts";
import { printableValue } from "./print.ts";
import type { LoadedProject } from "./load.ts";
import { locateNode, nodePosition } from "./tree/locate.ts";
import type { History, Node, VariableUse } from "./tree/node.ts";
import { joinPath } from "./tree/model-path.ts";
import { positionAt } from "./tree/source.ts";
import { toJson } from "./tree/to-json.ts";

export type ExplainResult =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  /** The model has no such path. */
  | {
    readonly kind: "unknown";
    /** The nearest parent that it has; "" for the model itself. */
    readonly parent: string;
    /** The path that was meant most likely. */
    readonly suggestion?: string;
  };

const sections: Readonly<Record<string, string>> = {
  service: "services",
  network: "networks",
  volume: "volumes",
  config: "configs",
  secret: "secrets",
};

/**
 * Where a value of the model comes from: which file set it, and which it overrode.
 *
 * @param path `services.web.ports[0].target`; the first word may be singular
 */
export function explain(project: LoadedProject, path: string): ExplainResult {
  const [first = "", ...rest] = path.split(".");
  const wanted = [Object.hasOwn(sections, first) ? sections[first] : first, ...rest].join(".");
  const { node, path: found, parents } = locateNode(project.tree, wanted);
  if (found !== wanted || wanted === "") return unknown(node, found, wanted);
  const steps: ExplainStep[] = [{
    position: nodePosition(node),
    how: "set",
    variables: explained(variablesIn(node)),
  }];
  for (let at = historyOf(node, parents); at; at = at.before) {
    steps.push({ position: positionAt(at.place), how: at.how, variables: explained(at.variables ?? []) });
  }
  return { kind: "explained", explanation: { path: found, value: printableValue(toJson(node)), steps } };
}

/** Of a part of something that replaced another: what that whole replaced. */
function historyOf(node: Node, parents: readonly Node[]): History | undefined {
  return node.history ?? parents.find(({ history }) => history?.how === "replaced")?.history;
}

function unknown(parent: Node, found: string, wanted: string): ExplainResult {
  const rest = (found === "" ? wanted : wanted.slice(found.length)).replace(/^\./, "");
  const known = parent.kind === "map" ? [...parent.entries.keys()] : [];
  // a key may hold dots: the whole rest is tried before its first word
  const meant = nearestWord(rest, known) ?? nearestWord(rest.split(/[.[]/, 1)[0]!, known);
  return { kind: "unknown", parent: found, ...(meant !== undefined && { suggestion: joinPath(found, meant) }) };
}

function variablesIn(node: Node): readonly VariableUse[] {
  const inside = node.kind === "map" ? [...node.entries.values()] : node.kind === "list" ? node.items : [];
  return [...node.variables ?? [], ...inside.flatMap(variablesIn)];
}

/** Each once, in order of name. */
function explained(uses: readonly VariableUse[]): readonly ExplainedVariable[] {
  const once = new Map(uses.map((use) => [`${use.name} ${JSON.stringify(use.position)}`, use]));
  return [...once].sort(([a], [b]) => compareText(a, b)).map(([, use]) => use);
}
