import { composePage } from "./compose-page.ts";
import { errorsPage } from "./errors-page.ts";
import { policiesPage } from "./policies-page.ts";
import { agentPage, manifestPage, schemaFiles } from "./yaml-pages.ts";

/** Everything below docs/ that is made from the code, by its path there. */
export function documentPages(): ReadonlyMap<string, string> {
  return new Map([
    ["agent-yaml.md", agentPage()],
    ["compose.md", composePage()],
    ["errors.md", errorsPage()],
    ["holdfast-yaml.md", manifestPage()],
    ["policies.md", policiesPage()],
    ...[...schemaFiles()].map(([name, text]): [string, string] => [`schema/${name}`, text]),
  ]);
}
