import { composeNames, overrideNames } from "../model/compose-files.ts";
import type { Issue } from "../model/issue.ts";
import { type LoadedManifest, loadManifest } from "./load.ts";
import { manifestName } from "./manifest-name.ts";
import type { ComposeEntry, Manifest } from "./manifest.ts";

/**
 * The manifest of a folder that has none: holdfast's defaults, without Compose files.
 *
 * @param folder inside the repository, `.` for its root
 * @param hasFile whether the revision holds a file, by its path in the repository
 */
export function defaultManifest(folder: string, hasFile: (path: string) => boolean): LoadedManifest {
  const file = inFolder(folder, manifestName);
  if (hasFile(inFolder(folder, "holdfast.yml"))) {
    const message = `"${inFolder(folder, "holdfast.yml")}" is not read, needed "${manifestName}"`;
    const hint = `rename it to "${manifestName}"`;
    const position = { file: inFolder(folder, "holdfast.yml"), line: 1, column: 1 };
    return { issues: [{ code: "MANIFEST_NAME", severity: "error", message, hint, position }] };
  }
  return loadManifest("", file);
}

/** The manifest with Compose's default files where it names none itself. */
export function withDefaultCompose(manifest: Manifest, hasFile: (path: string) => boolean): LoadedManifest {
  if (manifest.compose.length > 0) return { manifest, issues: [] };
  const folder = manifest.file.split("/").slice(0, -1).join("/") || ".";
  const present = (name: string) => hasFile(inFolder(folder, name));
  const [main, ...others] = composeNames.filter(present);
  if (main === undefined) {
    const message = `No Compose file in "${folder}", needed one of ${
      composeNames.join(", ")
    }, or "compose" in ${manifestName}`;
    return {
      issues: [{
        code: "MANIFEST_NO_COMPOSE",
        severity: "error",
        message,
        position: { file: manifest.file, line: 1, column: 1 },
      }],
    };
  }
  const override = overrideNames.find(present);
  const compose: ComposeEntry[] = [main, ...(override === undefined ? [] : [override])].map((file) => ({ file }));
  const issues: Issue[] = others.length === 0 ? [] : [{
    code: "MANIFEST_SEVERAL_COMPOSE",
    severity: "warning",
    message: `"${main}" is used; "${others.join('", "')}" is there too and is not read`,
    hint: `name the files under "compose" in ${manifestName}, or remove the others`,
    position: { file: inFolder(folder, main), line: 1, column: 1 },
  }];
  return { manifest: { ...manifest, compose }, issues };
}

function inFolder(folder: string, name: string): string {
  return folder === "." || folder === "" ? name : `${folder}/${name}`;
}
