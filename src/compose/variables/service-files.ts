import { compareText } from "../../model/issue.ts";
import { parseEnvFile, parseRawEnvFile, type PlacedVariable } from "./dotenv.ts";
import type { Environment } from "./environment.ts";
import { replaced } from "../merge/merge.ts";
import {
  entriesOf,
  entry,
  type History,
  isNull,
  isText,
  mapFrom,
  type MapNode,
  type Node,
  type ScalarNode,
  show,
  withEntries,
} from "../tree/node.ts";
import { budgets } from "../limits.ts";
import type { Source } from "../tree/source.ts";
import { joinPath } from "../tree/model-path.ts";
import type { Lookup } from "./template.ts";
import { readSource, repositoryPath, wantedBy, type Workspace } from "../files/workspace.ts";

export interface ServiceFilesOptions {
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** Of the service in the model. */
  readonly path: string;
}

/** Adds what the env files of a service say to its environment, which wins; they are not printed. */
export function takeEnvFiles(service: MapNode, options: ServiceFilesOptions): MapNode {
  const files = entry(service, "env_file");
  if (files?.kind !== "list") return withEntries(service, { env_file: undefined });
  const own = entry(service, "environment");
  const ownEntries = own?.kind === "map" ? own.entries : new Map<string, Node>();
  const ownVariables = new Map<string, PlacedVariable>();
  for (const [key, node] of ownEntries) {
    if (isText(node)) {
      ownVariables.set(key, { value: node.value, place: node.place, ...(node.secret && { secret: true }) });
    }
  }
  const variables = new Map(ownVariables);
  const lookup: Lookup = (name) => options.environment.get(name) ?? ownVariable(ownEntries.get(name));
  for (const file of files.items) readEnvFile(file, variables, { ...options, lookup });
  const entries = new Map<string, Node>();
  for (const [key, variable] of variables) entries.set(key, nodeOf(variable));
  for (const [key, node] of ownEntries) {
    const variable = variables.get(key);
    const isOwn = variable === ownVariables.get(key);
    entries.set(key, variable && !isOwn ? replaced(nodeOf(variable, ownVariables.get(key)), node) : node);
  }
  const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
  return withEntries(service, {
    env_file: undefined,
    environment: sorted.length > 0 ? mapFrom(own ?? files, sorted) : undefined,
  });
}

function ownVariable(node: Node | undefined): { readonly value: string; readonly secret?: boolean } | undefined {
  return isText(node) ? { value: node.value, ...(node.secret && { secret: true }) } : undefined;
}

/** @param oldest not a part of the history any more */
function nodeOf(variable: PlacedVariable, oldest?: PlacedVariable): ScalarNode {
  const { value, place, secret, variables, before } = variable;
  return {
    kind: "scalar",
    type: "string",
    value,
    place,
    keyPlace: place,
    ...(secret && { secret }),
    ...(variables && { variables }),
    ...(before && { history: historyOf(before, oldest) }),
  };
}

function historyOf(variable: PlacedVariable, oldest: PlacedVariable | undefined): History | undefined {
  const replacedValues: PlacedVariable[] = [];
  for (let at: PlacedVariable | undefined = variable; at && at !== oldest; at = at.before) replacedValues.push(at);
  return replacedValues.reduceRight<History | undefined>(
    (before, { place, variables }) => ({ how: "replaced", place, variables, before }),
    undefined,
  );
}

function readEnvFile(
  file: Node,
  into: Map<string, PlacedVariable>,
  options: ServiceFilesOptions & { readonly lookup: Lookup },
): void {
  const { workspace, lookup } = options;
  const path = entry(file, "path");
  if (!isText(path)) return;
  const required = entry(file, "required");
  const inRepository = repositoryPath(workspace, path.value);
  const exists = inRepository !== undefined && workspace.files.read(inRepository) !== undefined;
  if (!exists && required?.kind === "scalar" && required.value === false) return;
  const format = entry(file, "format");
  const formatName = isText(format) ? format.value : "";
  if (formatName !== "" && formatName !== "raw" && formatName !== ".env") {
    workspace.collector.error(
      "COMPOSE_VALUE",
      `The format ${show(format!)} of an env file is none that Compose reads`,
      {
        place: format!.place,
        path: options.path,
        hint: "write `format: raw`, or take it away",
      },
    );
    return;
  }
  const source = readSource(workspace, path.value, wantedBy(path, "The env file", joinPath(options.path, "env_file")));
  if (!source) return;
  if (!takeLines(source, workspace)) return;
  const parse = formatName === "raw" ? parseRawEnvFile : parseEnvFile;
  parse(source, into, { lookup, collector: workspace.collector });
}

/** Each service that names a file reads it anew. Told once, as it has no place. */
function takeLines({ lineStarts }: Source, { budget, collector }: Workspace): boolean {
  const fits = budget.take("serviceFileLines", lineStarts.length);
  if (!fits) {
    const message = `The env and label files of all services have more than ${budgets.serviceFileLines} lines`;
    collector.error("COMPOSE_FILE_LIMIT", message, { hint: "let fewer services name large env files" });
  }
  return fits;
}

/** Adds what the label files of a service say to its labels, which win. */
export function takeLabelFiles(service: MapNode, options: ServiceFilesOptions): MapNode {
  const files = entry(service, "label_file");
  if (files?.kind !== "list") return service;
  const { workspace } = options;
  const labels = new Map<string, PlacedVariable>();
  for (const file of files.items) {
    if (!isText(file)) continue;
    const source = readSource(
      workspace,
      file.value,
      wantedBy(file, "The label file", joinPath(options.path, "label_file")),
    );
    // each file sees what the files before it say
    if (source && takeLines(source, workspace)) {
      parseEnvFile(source, labels, { lookup: () => undefined, collector: workspace.collector });
    }
  }
  const own = entry(service, "labels");
  const entries = new Map<string, Node>([...labels].map(([key, variable]) => [key, nodeOf(variable)]));
  for (const [key, node] of entriesOf(own)) {
    const fromFile = entries.get(key);
    if (!isNull(node)) entries.set(key, fromFile ? replaced(fromFile, node) : node);
  }
  const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
  return withEntries(service, { labels: sorted.length > 0 ? mapFrom(own ?? files, sorted) : undefined });
}
