import { loadProject, type LoadRequest, type LoadResult } from "../../src/compose/load.ts";
import type { Issue } from "../../src/model/issue.ts";
import { caseRoot } from "./corpus-case.ts";

/** Files by their path in the repository. */
export type Texts = Readonly<Record<string, string | Uint8Array>>;

/** A request for files that a test writes itself; all `.yaml` files at the top are merged in order of name. */
export function textRequest(texts: Texts, more: Partial<LoadRequest> = {}): LoadRequest {
  const encoder = new TextEncoder();
  const paths = Object.keys(texts).sort();
  return {
    files: {
      read: (path) => {
        const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
        return typeof text === "string" ? encoder.encode(text) : text;
      },
      isFolder: (path) => path === "" || paths.some((file) => file.startsWith(`${path}/`)),
      list: (folder) => paths.filter((path) => folder === "" || path.startsWith(`${folder}/`)),
    },
    composeFiles: paths.filter((path) => path.endsWith(".yaml") && !path.includes("/")),
    projectName: "case",
    environment: new Map(),
    profiles: [],
    duplicateKeys: "refuse",
    root: caseRoot,
    ...more,
  };
}

export function loadTexts(texts: Texts, more: Partial<LoadRequest> = {}): LoadResult {
  return loadProject(textRequest(texts, more));
}

/** What has to be mended before the files make a project. */
export function errorsIn(texts: Texts): readonly Issue[] {
  return loadTexts(texts).issues.filter(({ severity }) => severity === "error");
}

/** The canonical model of one file, as plain JSON. */
export function modelOf(text: string, more: Partial<LoadRequest> = {}): unknown {
  const { project, issues } = loadTexts({ "compose.yaml": text }, more);
  if (!project) throw new Error(issues.map((issue) => issue.message).join("\n"));
  return JSON.parse(JSON.stringify(project.model));
}
