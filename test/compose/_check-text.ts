import assert from "node:assert/strict";
import { desiredState } from "../../src/compose/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { Issue } from "../../src/model/issue.ts";
import { loadTexts } from "./_load-text.ts";
import { caseRoot } from "./corpus-case.ts";

/** What `check` says of a project that the loader takes. */
export function checkText(text: string): readonly Issue[] {
  const { project, issues } = loadTexts({ "compose.yaml": text });
  assert.ok(project, JSON.stringify(issues));
  return desiredState(project, {
    folders: { checkout: caseRoot, project: caseRoot, secrets: "/run/secrets-of-case" },
    files: new Map(),
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)),
  }).issues;
}
