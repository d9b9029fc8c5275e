import type { RevisionFiles } from "../model/files.ts";
import type { Position } from "../model/position.ts";
import type { Sources } from "./application.ts";

/** Text of the files that findings point into, for caret lines. */
export function sourcesOf(files: RevisionFiles, findings: readonly { readonly position?: Position }[]): Sources {
  const paths = new Set(findings.flatMap(({ position }) => position ? [position.file] : []));
  return new Map([...paths].flatMap((path) => {
    const file = files.get(path);
    return file ? [[path, new TextDecoder().decode(file.bytes)] as const] : [];
  }));
}
