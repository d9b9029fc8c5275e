import { cleanPath } from "./clean-path.ts";
import type { Collector } from "../tree/collector.ts";
import { type Budget, createBudget, limits } from "../limits.ts";
import { type Node, quote } from "../tree/node.ts";
import { type ParsedDocument, parseYaml } from "../yaml/parse.ts";
import type { ProjectFiles } from "../project-files.ts";
import { createSource, decodeText, type Place, type Source } from "../tree/source.ts";

/** What every phase that reads files shares: the files, where they lie on the host, and what was read already. */
export interface Workspace {
  readonly files: ProjectFiles;
  /** Absolute path of the repository's root on the host. */
  readonly root: string;
  readonly collector: Collector;
  readonly budget: Budget;
  readonly duplicateKeys: "refuse" | "last";
  readonly sources: Map<string, Source>;
  readonly parsed: Map<string, readonly ParsedDocument[] | undefined>;
}

/** A workspace of which nothing was read. */
export function createWorkspace(
  of: Pick<Workspace, "files" | "root" | "collector" | "duplicateKeys">,
): Workspace {
  return { ...of, budget: createBudget(), sources: new Map(), parsed: new Map() };
}

/** Where and why a file is wanted: for the issue when it cannot be had. */
export interface Wanted {
  readonly what: string;
  readonly place?: Place;
  readonly path?: string;
}

/** An absolute path, or one relative to a folder, without `.` and `..`. */
export function absolutePath(folder: string, path: string): string {
  return cleanPath(path.startsWith("/") ? path : `${folder}/${path}`);
}

/** The path below the repository's root; undefined when it lies outside. */
export function repositoryPath(workspace: { readonly root: string }, absolute: string): string | undefined {
  if (absolute === workspace.root) return "";
  const prefix = workspace.root === "/" ? "/" : `${workspace.root}/`;
  return absolute.startsWith(prefix) ? absolute.slice(prefix.length) : undefined;
}

/** What stands for a file without content, wherever a file may be named; the host is not asked for it. */
export const emptyFile = "/dev/null";

/**
 * Reads a text file once.
 *
 * @param absolute path on the host, below the root
 * @returns undefined when it cannot be had; the reason is in the collector
 */
export function readSource(workspace: Workspace, absolute: string, wanted: Wanted): Source | undefined {
  const known = workspace.sources.get(absolute);
  if (known) return known;
  if (absolute === emptyFile) return createSource(absolute, "");
  const { collector } = workspace;
  const { what, ...details } = wanted;
  const path = repositoryPath(workspace, absolute);
  if (path === undefined) {
    collector.error("COMPOSE_PATH_OUTSIDE", `${what} ${quote(absolute)} lies outside the repository`, {
      ...details,
      hint: "move the file into the repository and use a path inside it",
    });
    return undefined;
  }
  const bytes = readBytes(workspace, path, wanted);
  if (!bytes) return undefined;
  const text = decodeText(bytes);
  if (text === undefined) {
    collector.error("COMPOSE_FILE_TEXT", `${what} ${quote(path)} is not UTF-8 text`, {
      place: undecodable(path, bytes),
      hint: "save it as UTF-8",
    });
    return undefined;
  }
  const source = createSource(path, text);
  workspace.sources.set(absolute, source);
  return source;
}

/** The bytes of a file within the limits. */
function readBytes(workspace: Workspace, path: string, { what, ...details }: Wanted): Uint8Array | undefined {
  const { collector, files, sources } = workspace;
  const refuse = (code: "COMPOSE_FILE_LIMIT" | "COMPOSE_FILE_MISSING", message: string, hint: string): undefined => {
    collector.error(code, message, { ...details, hint });
    return undefined;
  };
  if (sources.size >= limits.files) {
    return refuse("COMPOSE_FILE_LIMIT", `The project reads more than ${limits.files} files`, "merge some of them");
  }
  const bytes = files.read(path);
  if (!bytes) {
    // a list of the folder's files would have a whole disk walked
    const other = otherEnding(path);
    const hint = /(?:^|\/)(?:(?:https?|ssh|git|oci):\/|git@)/.test(path)
      ? "commit a copy of the file and name that: nothing is fetched from elsewhere"
      : other !== undefined && files.read(other)
      ? `did you mean ${quote(other)}?`
      : "add the file, committed for a deployment, or mend the path";
    const found = files.isFolder(path) ? "is a folder" : "is missing";
    return refuse("COMPOSE_FILE_MISSING", `${what} ${quote(path)} ${found}`, hint);
  }
  const total = [...sources.values()].reduce((sum, source) => sum + source.text.length, bytes.length);
  if (total > limits.totalBytes) {
    const message = `The files of the project have more than ${limits.totalBytes} bytes`;
    return refuse("COMPOSE_FILE_LIMIT", message, "split the project");
  }
  if (bytes.length > limits.fileBytes) {
    const message = `${what} ${quote(path)} has ${bytes.length} bytes, at most ${limits.fileBytes} are read`;
    return refuse("COMPOSE_FILE_LIMIT", message, "split the file");
  }
  return bytes;
}

/** Where the first bytes stand that are no UTF-8. */
function undecodable(path: string, bytes: Uint8Array): Place {
  const text = new TextDecoder().decode(bytes);
  return { source: createSource(path, text), offset: Math.max(0, text.indexOf("\ufffd")) };
}

/** `compose.yaml` for `compose.yml`, and the other way round. */
function otherEnding(path: string): string | undefined {
  if (path.endsWith(".yml")) return `${path.slice(0, -".yml".length)}.yaml`;
  return path.endsWith(".yaml") ? `${path.slice(0, -".yaml".length)}.yml` : undefined;
}

/** Reads the documents of a Compose file once. */
export function readDocuments(
  workspace: Workspace,
  absolute: string,
  wanted: Wanted,
): readonly ParsedDocument[] | undefined {
  if (workspace.parsed.has(absolute)) return workspace.parsed.get(absolute);
  const source = readSource(workspace, absolute, wanted);
  const documents = source && parseYaml(source, workspace);
  workspace.parsed.set(absolute, documents);
  return documents;
}

/** The place of a node for `Wanted`. */
export function wantedBy(node: Node, what: string, path: string): Wanted {
  return { what, place: node.place, path };
}
