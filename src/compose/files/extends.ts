import { folderOf } from "./clean-path.ts";
import { toLongForms } from "../forms/long-forms.ts";
import type { Environment } from "../variables/environment.ts";
import { lookupIn } from "../variables/environment.ts";
import { interpolate } from "../variables/interpolate.ts";
import { limits } from "../limits.ts";
import { mergeFiles, mergeServices } from "../merge/merge.ts";
import {
  brokenFrom,
  entriesOf,
  entry,
  holdsBroken,
  isNull,
  isText,
  keyPlaceOf,
  type MapNode,
  type Node,
  quote,
  show,
  withEntries,
} from "../tree/node.ts";
import { mergeAfterReset, type Resets } from "../merge/reset.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { checkNode } from "../schema/check-schema.ts";
import { projectSchema } from "../schema/schema-project.ts";
import { serviceSchema } from "../schema/schema-service.ts";
import { didYouMean, suggest } from "../suggest.ts";
import { enforceUnique } from "../merge/unique.ts";
import { absolutePath, readDocuments, wantedBy, type Workspace } from "./workspace.ts";

/** What a file is loaded in: its variables and the folder that its relative paths start from. */
export interface FileScope {
  readonly workspace: Workspace;
  readonly environment: Environment;
  /** Absolute. */
  readonly folder: string;
  /** Files that are extended from this scope, once each. */
  readonly extended: Map<string, ServiceFile | undefined>;
}

/** The services of one file, and those of them that have taken over what they extend. */
interface ServiceFile {
  /** Absolute path. */
  readonly file: string;
  readonly services: MapNode;
  readonly resolved: Map<string, Node>;
  readonly resets: Resets;
}

/** The file whose services extend others. */
export interface ExtendsOptions {
  /** Absolute path. */
  readonly file: string;
  readonly resets: Resets;
}

/** Gives every service of a file what the service that it `extends` says. */
export function applyExtends(root: Node, scope: FileScope, options: ExtendsOptions): Node {
  const services = entry(root, "services");
  if (root.kind !== "map" || !services || isNull(services)) return root;
  if (services.kind !== "map") return withEntries(root, { services: checkServices(services, scope) });
  const file: ServiceFile = { ...options, services, resolved: new Map() };
  const entries = new Map<string, Node>();
  for (const key of services.entries.keys()) {
    const service = resolveService(key, file, { scope, chain: [] });
    if (service) entries.set(key, service);
  }
  return withEntries(root, { services: { ...services, entries } });
}

/** Reports services that are no mapping. */
function checkServices(services: Node, { workspace }: FileScope): Node {
  return checkNode(services, projectSchema.keys["services"]!, { path: "services", collector: workspace.collector });
}

interface Walk {
  readonly scope: FileScope;
  /** `file#service`, outermost first. */
  readonly chain: readonly string[];
}

function resolveService(key: string, file: ServiceFile, walk: Walk): Node | undefined {
  const known = file.resolved.get(key);
  if (known) return known;
  const service = file.services.entries.get(key);
  if (!service) return undefined;
  const resolved = extendService(key, service, file, walk);
  file.resolved.set(key, resolved);
  return resolved;
}

function extendService(key: string, service: Node, file: ServiceFile, walk: Walk): Node {
  const { collector } = walk.scope.workspace;
  const extended = entry(service, "extends");
  if (!extended || extended.kind === "broken") return service;
  warnOfUnknownKeys(extended, `services.${key}.extends`, walk.scope);
  const reference = isText(extended) ? extended : entry(extended, "service");
  if (reference?.kind === "broken") return service;
  const named = findBase({ key, extended, reference, file }, walk);
  if (!named) return leaveOpen(service, extended);
  const base = resolveService(named.key, named.file, { ...walk, chain: [...walk.chain, `${file.file}#${key}`] });
  if (!base || isNull(base)) return service;
  if (base.kind !== "map") {
    checkNode(base, serviceSchema, { path: `services.${named.key}`, collector });
    return leaveOpen(service, extended);
  }
  const at = { ...walk.scope.workspace, path: `services.${key}` };
  const merged = mergeAfterReset(base, resetsBelow(file.resets, key), (kept) => mergeServices(kept, service, at));
  const unknown = entry(base, "extends"); // what a service gets from there is not known, nor is what this one gets
  return merged.kind === "map" ? withEntries(merged, { extends: holdsBroken(unknown) ? unknown : undefined }) : merged;
}

/** An `extends`, with the service that says it. */
interface Extending {
  readonly key: string;
  readonly file: ServiceFile;
  readonly extended: Node;
  /** What names the other service. */
  readonly reference: Node | undefined;
}

/** @returns the service that is extended; undefined when it cannot be had (the reason is in the collector) */
function findBase(
  { key, file, extended, reference }: Extending,
  { scope, chain }: Walk,
): { readonly file: ServiceFile; readonly key: string } | undefined {
  const path = `services.${key}.extends`;
  const fail = (
    code: "EXTENDS_MISSING" | "EXTENDS_CYCLE" | "COMPOSE_TYPE",
    node: Node,
    message: string,
    hint: string,
  ): undefined => {
    scope.workspace.collector.error(code, message, { place: node.place, path, hint });
    return undefined;
  };
  if (!isText(reference)) {
    return fail("COMPOSE_TYPE", extended, `${path} names no service`, "write `extends: { service: NAME, file: PATH }`");
  }
  const self = `${file.file}#${key}`;
  if (chain.includes(self) || chain.length >= limits.extendsDepth) {
    const names = [...chain.slice(chain.indexOf(self)), self].map((item) => item.slice(item.lastIndexOf("#") + 1));
    const message = `Services extend each other: ${names.join(" → ")}`;
    return fail("EXTENDS_CYCLE", reference, message, "take one of these `extends` away");
  }
  const from = entry(extended, "file");
  const baseFile = from && !isNull(from) ? extendedFile(from, { path, key, scope }) : file;
  if (!baseFile || baseFile.services.entries.has(reference.value)) {
    return baseFile && { file: baseFile, key: reference.value };
  }
  const others = [...baseFile.services.entries.keys()].filter((name) => from || name !== key);
  return fail(
    "EXTENDS_MISSING",
    reference,
    `The service ${quote(reference.value)} that "${key}" extends is not defined in ${from ? show(from) : "this file"}`,
    didYouMean(reference.value, others) ??
      (from
        ? "define the service, or mend the name"
        : "name the file of the service: `extends: { file: PATH, service: NAME }`, or mend the name"),
  );
}

/** A service whose base is not known: what it says itself is checked all the same. */
function leaveOpen(service: Node, extended: Node): Node {
  return service.kind === "map" ? withEntries(service, { extends: brokenFrom(extended) }) : brokenFrom(service);
}

/** Compose takes other keys than `service` and `file`, and does nothing with them. */
function warnOfUnknownKeys(extended: Node, path: string, { workspace }: FileScope): void {
  const known = ["service", "file"];
  for (const [key, value] of entriesOf(extended)) {
    if (known.includes(key) || key.startsWith("x-")) continue;
    workspace.collector.warning("COMPOSE_UNKNOWN_KEY", `Compose ignores the key "${key}" in ${path}`, {
      place: keyPlaceOf(value),
      path: `${path}.${key}`,
      hint: didYouMean(key, known) ?? "take it away",
    });
  }
}

/** The resets of one service, relative to it. */
function resetsBelow(resets: Resets, key: string): Resets {
  return resets.filter((path) => path[0] === "services" && path[1] === key && path.length > 2).map((path) =>
    path.slice(2)
  );
}

function extendedFile(
  from: Node,
  at: { readonly path: string; readonly key: string; readonly scope: FileScope },
): ServiceFile | undefined {
  const { scope, path } = at;
  const { workspace } = scope;
  if (!isText(from)) {
    if (from.kind !== "broken") {
      workspace.collector.error("COMPOSE_TYPE", `${path}.file is no path`, {
        place: from.place,
        path: `${path}.file`,
        hint: "write the path of a Compose file",
      });
    }
    return undefined;
  }
  const file = absolutePath(scope.folder, from.value);
  const known = scope.extended.get(file);
  if (known || scope.extended.has(file)) return known;
  const documents = readDocuments(workspace, file, wantedBy(from, "The extended file", `${path}.file`));
  scope.extended.set(file, undefined);
  if (!documents) return undefined;
  const folder = folderOf(file);
  const root = documents.reduce<Node | undefined>((before, document) => {
    const read = interpolate(document.root, { ...workspace, lookup: lookupIn(scope.environment) });
    const merged = before
      ? mergeAfterReset(before, document.resets, (kept) => mergeFiles(kept, read, workspace))
      : read;
    return enforceUnique(
      toLongForms(enforceUnique(merged, workspace.collector), workspace),
      workspace.collector,
    );
  }, undefined);
  const services = entry(root && resolvePaths(root, { workspace, folder, environment: scope.environment }), "services");
  if (services?.kind !== "map") {
    if (services) checkServices(services, scope);
    else refuseNoServices(root, from, at);
    return undefined;
  }
  const resets = documents.at(-1)?.resets ?? [];
  const loaded: ServiceFile = { file, services, resolved: new Map(), resets };
  scope.extended.set(file, loaded);
  return loaded;
}

function refuseNoServices(
  root: Node | undefined,
  from: Node,
  { scope, path }: { readonly scope: FileScope; readonly path: string },
): void {
  const { collector } = scope.workspace;
  const [name, misspelled] =
    entriesOf(root).find(([key]) => !key.startsWith("x-") && suggest(key, ["services"]) !== undefined) ?? [];
  if (misspelled) {
    collector.error("COMPOSE_UNKNOWN_KEY", `Compose knows no key "${name}" here`, {
      place: keyPlaceOf(misspelled),
      path: name,
      hint: 'did you mean "services"?',
    });
    return;
  }
  collector.error("EXTENDS_MISSING", `${show(from)} has no services to extend`, {
    place: from.place,
    path: `${path}.file`,
    hint: "define the service there, or mend the path",
  });
}
