import { toLongForms } from "../forms/long-forms.ts";
import { checkSchema } from "../schema/check-schema.ts";
import { type Environment, lookupIn } from "../variables/environment.ts";
import { applyExtends } from "./extends.ts";
import { checkObjects } from "../check/check-objects.ts";
import { setDefaults } from "../forms/defaults.ts";
import { applyInclude } from "./include.ts";
import { interpolate } from "../variables/interpolate.ts";
import { mergeFiles } from "../merge/merge.ts";
import { describeType, keyPlaceOf, type Node, withEntries } from "../tree/node.ts";
import type { ParsedDocument } from "../yaml/parse.ts";
import { mergeAfterReset } from "../merge/reset.ts";
import { resolveContents } from "../variables/contents.ts";
import { budgets } from "../limits.ts";
import { sizeOf } from "../tree/measure.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { enforceUnique } from "../merge/unique.ts";
import { readDocuments, type Wanted, type Workspace } from "./workspace.ts";

/** A set of files that are merged in order, with their own variables and folder. */
export interface FileSet {
  readonly workspace: Workspace;
  /** Absolute paths, in merge order. */
  readonly files: readonly string[];
  /** Absolute: where relative paths of these files start. */
  readonly folder: string;
  readonly environment: Environment;
  /** Files that include this set, outermost first. */
  readonly includedBy: readonly string[];
  readonly wanted: (file: string) => Wanted;
}

/**
 * One set of files as one tree in long form, with absolute paths and defaults.
 *
 * @returns undefined when there is nothing in them
 */
export function loadFileSet(set: FileSet): Node | undefined {
  const { workspace, folder, environment } = set;
  if (workspace.budget.isSpent("values")) return undefined;
  const extended = new Map();
  let root: Node | undefined;
  for (const file of set.files) {
    for (const document of readDocuments(workspace, file, set.wanted(file)) ?? []) {
      root = addDocument(root, document, { ...set, file, scope: { workspace, folder, environment, extended } }) ?? root;
    }
  }
  if (!root || isTooLarge(root, workspace, "with all sets before it")) return undefined;
  const complete = checkObjects(setDefaults(root), workspace.collector);
  return resolveContents(resolvePaths(complete, set), environment);
}

interface DocumentContext extends FileSet {
  readonly file: string;
  readonly scope: Parameters<typeof applyExtends>[1];
}

/** One document joins what the documents before it say. */
function addDocument(before: Node | undefined, document: ParsedDocument, context: DocumentContext): Node | undefined {
  const { workspace, file, environment } = context;
  const { collector } = workspace;
  if (document.root.kind !== "map") {
    if (document.root.kind === "broken") return undefined;
    collector.error("COMPOSE_TYPE", `A document of the file is ${describeType(document.root)}, not a mapping`, {
      place: document.root.place,
      hint: 'begin with "services:"; take a trailing "---" away',
    });
    return undefined;
  }
  const own = interpolate(document.root, { ...workspace, lookup: lookupIn(environment) });
  const extended = applyExtends(own, context.scope, { file, resets: document.resets });
  const included = applyInclude(extended, { ...context, load: loadFileSet });
  const merged = before
    ? mergeAfterReset(before, document.resets, (kept) => mergeFiles(kept, included, workspace))
    : included;
  if (isTooLarge(merged, workspace)) return { kind: "map", entries: new Map(), place: merged.place };
  const checked = checkSchema(enforceUnique(merged, collector), collector);
  return enforceUnique(toLongForms(withoutVersion(checked, context), workspace), collector);
}

/** Before any phase makes of each place what several share. Told once, as it has no place. */
function isTooLarge(root: Node, { budget, collector }: Workspace, counted?: "with all sets before it"): boolean {
  const { values, characters } = sizeOf(root);
  const fits = counted
    ? budget.take("values", values) && budget.take("characters", characters)
    : values <= budgets.values && characters <= budgets.characters;
  if (!fits) {
    const most = `${budgets.values} values or ${budgets.characters} characters`;
    collector.error("YAML_LIMIT", `The files make more than ${most} when they are merged`, {
      hint: "split the project, or let fewer services share so much",
    });
  }
  return !fits;
}

function withoutVersion(root: Node, context: DocumentContext): Node {
  if (root.kind !== "map") return root;
  const version = root.entries.get("version");
  if (!version) return root;
  context.workspace.collector.warning("COMPOSE_DEPRECATED", "`version` is obsolete and has no effect", {
    place: keyPlaceOf(version),
    path: "version",
    hint: "take it away",
  });
  return withEntries(root, { version: undefined });
}
