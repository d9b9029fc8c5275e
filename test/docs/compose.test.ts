import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedBeyondCompose, type Claim, wantedDifferences } from "../../build/docs/compose-claims.ts";
import { checkFolder } from "../../src/agent/check.ts";
import type { RevisionFiles } from "../../src/model/files.ts";
import type { FolderReader } from "../../src/ports/folder-reader.ts";

for (const claim of [...checkedBeyondCompose, ...wantedDifferences]) {
  test(`docs/compose.md is right about ${claim.what}`, async () => {
    const found = (await issuesOf(claim)).map(({ code, severity, hint }) => ({
      code,
      severity,
      hint: hint !== undefined,
    }));
    assert.deepEqual(found, [{ code: claim.code, severity: claim.severity, hint: true }]);
  });
}

async function issuesOf({ project }: Claim) {
  const bytes = new TextEncoder().encode(project);
  const files: RevisionFiles = new Map([["app/compose.yaml", { mode: "file", oid: "0".repeat(40), bytes }]]);
  const reader: FolderReader = {
    read: () => Promise.resolve(files),
    findRoot: () => Promise.resolve("/repository"),
    resolve: (path) => Promise.resolve(path),
  };
  const options = { folder: "/repository/app", root: "/repository" };
  return (await checkFolder(options, reader, new Date("2026-01-01T00:00:00Z"))).issues;
}
