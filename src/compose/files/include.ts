import { canonicalJson } from "../../model/digest.ts";
import { folderOf } from "./clean-path.ts";
import { checkNode } from "../schema/check-schema.ts";
import { defaultEnvFile } from "../variables/default-env-file.ts";
import { joinEnvironments, readEnvFiles } from "../variables/environment.ts";
import { budgets } from "../limits.ts";
import type { FileSet } from "./load-files.ts";
import {
  entry,
  holdsBroken,
  isNull,
  isText,
  itemsOf,
  keyPlaceOf,
  type MapNode,
  type Node,
  textsOf,
  whereIs,
  withEntries,
} from "../tree/node.ts";
import { joinIndex } from "../tree/model-path.ts";
import { projectSchema } from "../schema/schema-project.ts";
import { toJson } from "../tree/to-json.ts";
import { absolutePath, repositoryPath, wantedBy } from "./workspace.ts";

export interface IncludeContext extends FileSet {
  /** The file that includes. */
  readonly file: string;
  readonly load: (set: FileSet) => Node | undefined;
}

const resources = ["services", "volumes", "networks", "secrets", "configs", "models"] as const;

/** Brings in what the `include` of a file names; the file must not define the same resources otherwise. */
export function applyInclude(root: Node, context: IncludeContext): Node {
  const written = entry(root, "include");
  if (root.kind !== "map" || !written) return root;
  const { collector } = context.workspace;
  const include = isNull(written)
    ? undefined
    : checkNode(written, projectSchema.keys["include"]!, { path: "include", collector });
  let result: MapNode = withEntries(root, { include: undefined });
  if (include?.kind !== "list") return result;
  include.items.forEach((item, index) => {
    // one with an issue may include something else than what is meant
    const set = item === itemsOf(written)[index] ? includedSet(item, joinIndex("include", index), context) : undefined;
    const imported = set && context.load(set);
    if (imported?.kind === "map") result = importResources(result, imported, context);
  });
  return result;
}

function includedSet(item: Node, path: string, context: IncludeContext): FileSet | undefined {
  if (holdsBroken(item)) return undefined;
  const { workspace, folder } = context;
  const { collector } = workspace;
  const paths = pathsIn(isText(item) ? item : entry(item, "path"));
  const [first] = paths;
  if (!first) {
    collector.error("COMPOSE_REQUIRED_KEY", `${path} has no \`path\``, {
      place: item.place,
      path,
      hint: "add `path`: the Compose file",
    });
    return undefined;
  }
  if (!workspace.budget.take("includes", 1)) {
    collector.error("COMPOSE_FILE_LIMIT", `The project includes more than ${budgets.includes} times`, {
      hint: "include each file once",
    });
    return undefined;
  }
  const files = paths.map((node) => absolutePath(folder, node.value));
  const includedBy = [...context.includedBy, context.file];
  if (includedBy.includes(files[0]!)) {
    const chain = [...includedBy.slice(includedBy.indexOf(files[0]!)), files[0]!].map((file) =>
      repositoryPath(workspace, file) ?? file
    );
    collector.error("INCLUDE_CYCLE", `Files include each other: ${chain.join(" → ")}`, {
      place: first.place,
      path,
      hint: "take one of these `include` away",
    });
    return undefined;
  }
  const directory = entry(item, "project_directory");
  const ownFolder = folderOf(files[0]!);
  const includedFolder = isText(directory) && directory.value !== ""
    ? existingFolder(context, directory.value)
    : ownFolder;
  const envFiles = pathsIn(entry(item, "env_file"));
  const envPaths = envFiles.length > 0
    ? envFiles.map((node) => absolutePath(folder, node.value))
    : defaultEnvFile(workspace, includedFolder);
  const variables = readEnvFiles(workspace, envPaths, {
    environment: context.environment,
    wanted: { what: "The env file", path: `${path}.env_file` },
    places: envFiles.length > 0 ? envFiles.map(({ place }) => place) : [item.place],
  });
  if (collector.hasErrorAt(`${path}.env_file`)) return undefined; // what the files need may be in there
  return {
    workspace,
    files,
    folder: includedFolder,
    environment: joinEnvironments(context.environment, variables),
    includedBy,
    wanted: (file) => wantedBy(paths[files.indexOf(file)] ?? item, "The included file", path),
  };
}

/** Compose takes the parent of a project directory that does not exist. */
function existingFolder(context: IncludeContext, directory: string): string {
  const absolute = absolutePath(context.folder, directory);
  const path = repositoryPath(context.workspace, absolute);
  return path === undefined || context.workspace.files.isFolder(path) ? absolute : absolutePath(absolute, "..");
}

/** A path, or each one of a list. */
function pathsIn(node: Node | undefined): ReturnType<typeof textsOf> {
  return isText(node) ? [node] : textsOf(node);
}

function importResources(root: MapNode, imported: MapNode, context: IncludeContext): MapNode {
  let result = root;
  for (const key of resources) {
    const from = entry(imported, key);
    if (from?.kind !== "map") continue;
    const own = checkSection(key, entry(result, key), context);
    if (own?.kind === "broken") {
      result = withEntries(result, { [key]: own });
      continue;
    }
    const entries = new Map(own?.kind === "map" ? own.entries : []);
    for (const [name, resource] of from.entries) {
      const known = entries.get(name);
      if (!known) entries.set(name, resource);
      else if (canonicalJson(toJson(known)) !== canonicalJson(toJson(resource))) {
        context.workspace.collector.error(
          "INCLUDE_CONFLICT",
          `${key}.${name} is defined here and, otherwise, in ${whereIs(resource)}, which is included`,
          {
            place: keyPlaceOf(known),
            path: `${key}.${name}`,
            hint: "change the included definition in a file of its own, after it in `path` of the include",
          },
        );
      }
    }
    result = withEntries(result, { [key]: { ...(own ?? from), kind: "map", entries } });
  }
  return result;
}

/** A section that is no mapping would be lost under what is included. */
function checkSection(key: string, own: Node | undefined, { workspace }: IncludeContext): Node | undefined {
  if (!own || own.kind === "map" || isNull(own)) return own;
  return checkNode(own, projectSchema.keys[key]!, { path: key, collector: workspace.collector });
}
