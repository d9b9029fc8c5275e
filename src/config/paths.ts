import type { Issue } from "../model/issue.ts";
import type { ComposeEntry, Manifest } from "./manifest.ts";

/** The manifest's paths, relative to the repository's root. */
export interface ManifestPaths {
  readonly compose: readonly ComposeEntry[];
  readonly keys?: { readonly bundle: string; readonly into: string };
  /** A path that leaves the repository; it is left out above. */
  readonly issues: readonly Issue[];
}

/** Resolves every path of a manifest against the manifest's folder. */
export function manifestPaths(manifest: Manifest): ManifestPaths {
  const issues: Issue[] = [];
  const resolve = (path: string, key: string): string | undefined => {
    const resolved = resolveInRepository(manifest.file, path);
    if (resolved !== undefined) return resolved;
    issues.push({
      code: "MANIFEST_PATH",
      severity: "error",
      message: `"${path}" leaves the repository, needed a path inside it`,
      hint: `paths are relative to the folder of "${manifest.file}"`,
      position: manifest.positionOf(key),
      path: key,
    });
    return undefined;
  };
  const compose = manifest.compose.flatMap((entry, index): ComposeEntry[] => {
    const key = `compose[${index}]`;
    const file = resolve(entry.file, `${key}.file`);
    const when = entry.when === undefined ? undefined : resolve(entry.when, `${key}.when`);
    if (file === undefined || (entry.when !== undefined && when === undefined)) return [];
    return [when === undefined ? { file } : { file, when }];
  });
  const bundle = manifest.keys && resolve(manifest.keys.bundle, "keys.bundle");
  const into = manifest.keys && resolve(manifest.keys.into, "keys.into");
  if (bundle === undefined || into === undefined) return { compose, issues };
  return { compose, keys: { bundle, into }, issues };
}

/** A path relative to a file of the repository as a path from its root; undefined when it leaves the repository. */
function resolveInRepository(from: string, path: string): string | undefined {
  const parts = from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}
