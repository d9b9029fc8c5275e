import type { ContainerSpec, Mount } from "../../model/container.ts";
import type { BoundFile } from "../../model/desired.ts";
import { keyedDigest } from "../../model/digest.ts";
import { compareText } from "../../model/issue.ts";
import { nearestWord } from "../../model/nearest.ts";
import type { DesiredContext } from "../desired.ts";
import { fieldsOf, listOf, textOf } from "./fields.ts";
import { findNode } from "../tree/locate.ts";
import { isText } from "../tree/node.ts";
import { resolveLinks } from "../project-files.ts";
import { repositoryPath } from "../files/workspace.ts";

/** The files and folders of checkout, keys and secrets that a container sees, by target. */
export function boundFiles(key: string, spec: ContainerSpec, context: DesiredContext): readonly BoundFile[] {
  const bound: BoundFile[] = [];
  for (const mount of spec.mounts) {
    if (mount.type !== "bind") continue;
    const path = modelPath(key, mount, context);
    const found = boundFile(mount, path, context);
    if (!found) continue;
    const position = context.project.positionOf(path);
    bound.push({ target: mount.target, ...found, ...(position && { position }) });
  }
  return bound;
}

/** Where the model says what is mounted at a target. */
function modelPath(key: string, mount: Mount, context: DesiredContext): string {
  const service = context.project.model.services[key]!;
  for (const kind of ["volumes", "configs", "secrets"] as const) {
    const index = listOf(service[kind]).map(fieldsOf).findIndex((item) => {
      const target = textOf(item["target"]) ?? textOf(item["source"]) ?? "";
      return target === mount.target || mount.target.endsWith(`/${target}`);
    });
    if (index !== -1) return `services.${key}.${kind}[${index}]`;
  }
  return `services.${key}`;
}

function boundFile(
  mount: Mount,
  path: string,
  context: DesiredContext,
): Pick<BoundFile, "origin" | "path" | "digest"> | undefined {
  const { options, project } = context;
  const secret = below(options.folders.secrets, mount.source);
  if (secret !== undefined) {
    const file = context.secretFiles.get(secret);
    return file && { origin: "secrets", path: secret, digest: keyedDigest(options.digestKey, file.bytes) };
  }
  const inRepository = repositoryPath(project, mount.source);
  if (inRepository === undefined) {
    refuseEscape(mount, path, context);
    return undefined;
  }
  const lines = contentLines(inRepository, context);
  const unopened = options.keys && !options.keys.facts && below(options.keys.into, inRepository) !== undefined;
  if (lines.length === 0 && !unopened) {
    refuseMissing(inRepository, path, context);
    return undefined;
  }
  const inKeys = options.keys && below(options.keys.into, inRepository);
  return {
    origin: inKeys === undefined ? "checkout" : "keys",
    path: inKeys ?? inRepository,
    digest: keyedDigest(options.digestKey, lines.join("\n")),
  };
}

/** One line for each file at or below a path: its mode, its content's digest, and its path relative to it. */
function contentLines(path: string, context: DesiredContext): readonly string[] {
  const { files, keys } = context.options;
  const lines: string[] = [];
  const resolved = resolveLinks(files, path) ?? path;
  for (const [name, file] of files) {
    const rest = below(resolved, name);
    if (rest !== undefined) lines.push(`${file.mode} ${file.oid} ${rest}`);
  }
  for (const [name, fact] of keys?.facts ?? []) {
    const rest = below(resolved, `${keys!.into}/${name}`);
    if (rest !== undefined) lines.push(`${fact.mode.toString(8)} ${fact.uid} ${fact.gid} ${fact.digest} ${rest}`);
  }
  return lines.sort(compareText);
}

/** The path of `inner` relative to `outer`; "" for the same path, undefined when it lies elsewhere. */
function below(outer: string, inner: string): string | undefined {
  if (inner === outer) return "";
  if (outer === "") return inner;
  return inner.startsWith(`${outer}/`) ? inner.slice(outer.length + 1) : undefined;
}

function refuseMissing(source: string, path: string, context: DesiredContext): void {
  const { keys } = context.options;
  const inKeys = keys && below(keys.into, source) !== undefined;
  const place = inKeys ? "keys bundle" : "revision";
  const near = inKeys || context.project.secretPaths.has(`${path}.source`) ? undefined : nearestFile(source, context);
  const definition = definitionPath(path, context);
  if (definition !== undefined) {
    context.issues.error("BIND_SOURCE_MISSING", definition, {
      message: `${definition} is ${context.issues.show(definition, source)}, which is not in the ${place}`,
      hint: near ?? (inKeys ? "add the file to the bundle, or mend the path" : "commit the file, or mend the path"),
    });
    return;
  }
  context.issues.error("BIND_SOURCE_MISSING", path, {
    message: `${
      context.issues.show(`${path}.source`, source)
    } is not in the ${place}: Docker would make an empty folder of it`,
    hint: near ??
      (inKeys
        ? "add the file to the bundle, or mend the path"
        : "commit the file; for data that the service writes use a named volume, or an absolute path outside the checkout"),
  });
}

/** The question whether a file of the same folder is meant; undefined when none is called nearly so. */
function nearestFile(path: string, { options }: DesiredContext): string | undefined {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const beside = new Set<string>();
  for (const name of options.files.keys()) {
    if (name.startsWith(folder)) beside.add(name.slice(folder.length).split("/", 1)[0]!);
  }
  const near = nearestWord(path.slice(folder.length), beside);
  return near === undefined ? undefined : `did you mean "${folder}${near}"?`;
}

/** Where the file of a config or secret is named, which services use by its key; undefined for a volume. */
function definitionPath(path: string, { project }: DesiredContext): string | undefined {
  const kind = /\.(configs|secrets)\[\d+\]$/.exec(path)?.[1];
  const source = kind && findNode(project.tree, `${path}.source`);
  return source && isText(source) ? `${kind}.${source.value}.file` : undefined;
}

/** A relative path that leaves the repository; an absolute one is the operator's, and for policies to judge. */
function refuseEscape(mount: Mount, path: string, context: DesiredContext): void {
  const source = findNode(context.project.tree, `${path}.source`);
  if (source.kind !== "scalar" || !source.relative) return;
  context.issues.error("COMPOSE_PATH_OUTSIDE", path, {
    message: `${
      context.issues.show(`${path}.source`, mount.source)
    } lies outside the repository and is written as a relative path`,
    hint: "move the file into the repository, or write the absolute path on the host",
  });
}
