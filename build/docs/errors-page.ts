import type { ErrorDetails } from "../../src/model/error.ts";
import { thrownErrors } from "./emitted-codes.ts";
import { type CodeDoc, errorDocs, stepDocs } from "./errors.ts";
import { composeIssueDocs, configIssueDocs, isWarning, manifestIssueDocs } from "./issues.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

const endWords: Readonly<Record<ErrorDetails["retry"], string>> = {
  backoff: "time",
  "next-revision": "a push",
  operator: "a person",
};

export function errorsPage(): string {
  return page(
    "# Errors and issues",
    generatedFrom("the codes in src/ and the remedies in build/docs/"),
    `Every error and issue has a code that never changes its meaning: it stands in parentheses behind the message, and as
\`code\` in JSON. A message says what was found and what was needed, and its \`hint:\` what to do. Whatever is wrong with a new
revision, the git server or the Engine, the applied revision stays as it is.`,
    "## Errors",
    `An error ends the pass or the command. What ends it is time (the agent tries again, with pauses that grow to five minutes
at most), a push, or a person on the host.`,
    table(["code", "what it means", "what to do", "ends with"], errorRows()),
    "A step of a plan that was not done has one of these codes, or:",
    table(["code", "what it means", "what to do"], rows(stepDocs)),
    "## Issues",
    `An issue is about the operator's files; all of them are told at once, each with file, line and column. One that is marked
*warning* refuses nothing. Those of a revision make up \`REVISION_INVALID\`, those of agent.yaml \`CONFIG_INVALID\`.`,
    "### agent.yaml",
    table(["code", "what it means", "what to do"], rows(configIssueDocs)),
    "### holdfast.yaml",
    table(["code", "what it means", "what to do"], rows(manifestIssueDocs)),
    "### Compose files",
    table(["code", "what it means", "what to do"], rows(composeIssueDocs)),
    "What policies find has the id of the policy instead of a code: [policies.md](policies.md).",
  );
}

function errorRows(): string[][] {
  const thrown = thrownErrors();
  return Object.entries(errorDocs).map(([name, doc]) => [
    ...row(name, doc),
    [...thrown.get(name) ?? []].map((end) => endWords[end]).sort().join(", "),
  ]);
}

function rows(docs: Readonly<Record<string, CodeDoc>>): string[][] {
  return Object.entries(docs).map(([name, doc]) => row(name, doc));
}

function row(name: string, { meaning, remedy }: CodeDoc): string[] {
  return [`${code(name)}${isWarning(name) ? " (warning)" : ""}`, meaning, remedy];
}
