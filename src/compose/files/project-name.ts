import type { Environment } from "../variables/environment.ts";
import { lookupIn } from "../variables/environment.ts";
import type { Place } from "../tree/source.ts";
import { entry, isText, type Node, quote, show, type VariableUse } from "../tree/node.ts";
import type { PlacedVariable } from "../variables/dotenv.ts";
import { substitute, type Variable } from "../variables/template.ts";
import { variableUse } from "../variables/variable-use.ts";
import { readDocuments, type Workspace } from "./workspace.ts";

export interface ProjectNameOptions {
  readonly workspace: Workspace;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Absolute project directory. */
  readonly folder: string;
  readonly environment: Environment;
  /** The name that wins over all. */
  readonly given: string | undefined;
  /** Instead of the folder's. */
  readonly fallback: string | undefined;
}

export interface ProjectName {
  readonly text: string;
  /** The `name:` that it was made from, if it is of a file. */
  readonly written?: Node;
  /** COMPOSE_PROJECT_NAME, which stands for a given name too. */
  readonly variables?: readonly VariableUse[];
}

/**
 * The project's name: the given one, COMPOSE_PROJECT_NAME, `name:` of the last file that has it, or the folder's.
 *
 * @returns undefined when there is none that Compose takes; the reason is in the collector
 */
export function chooseProjectName(options: ProjectNameOptions): ProjectName | undefined {
  const { environment, workspace } = options;
  const fixed = options.given ?? (environment.get("COMPOSE_PROJECT_NAME")?.value || undefined);
  if (fixed !== undefined) {
    if (fixed !== "" && normaliseName(fixed) === fixed) return { text: fixed, variables: [givenBy(options)] };
    workspace.collector.error(
      "PROJECT_NAME",
      `The project name ${quote(fixed)} has other characters than a-z, 0-9, - and _, or begins with one of - and _`,
      {
        path: "name",
        ...(options.given === undefined && placeOf(environment)),
        hint: `write "${normaliseName(fixed) || "myproject"}"`,
      },
    );
    return undefined;
  }
  const written = writtenName(options);
  const name = written ??
    { text: normaliseName(options.fallback ?? options.folder.slice(options.folder.lastIndexOf("/") + 1)) };
  if (name.text) return name;
  if (written?.written) {
    const message = `The project name ${show(written.written)} holds none of the characters a-z and 0-9`;
    workspace.collector.error("PROJECT_NAME", message, {
      place: written.written.place,
      path: "name",
      hint: "write a name of lower-case letters, digits, - and _",
    });
    return undefined;
  }
  workspace.collector.error("PROJECT_NAME", "The project has no name", {
    path: "name",
    hint: "write `project: NAME` in holdfast.yaml",
  });
  return undefined;
}

/** The line of `.env` that sets COMPOSE_PROJECT_NAME. */
function placeOf(environment: Environment): { readonly place?: Place } {
  const variable: (Variable & Partial<PlacedVariable>) | undefined = environment.get("COMPOSE_PROJECT_NAME");
  return variable?.place ? { place: variable.place } : {};
}

function givenBy({ given, environment }: ProjectNameOptions): VariableUse {
  const name = "COMPOSE_PROJECT_NAME";
  return given === undefined ? variableUse(name, lookupIn(environment)) : { name, from: "given" };
}

/** What Compose makes of a name: lower case, other characters dropped. */
function normaliseName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "").replace(/^[_-]+/, "");
}

function writtenName(options: ProjectNameOptions): ProjectName | undefined {
  const { workspace, environment } = options;
  let last: Node | undefined;
  for (const file of options.files) {
    const documents = readDocuments(workspace, file, { what: "The Compose file" }) ?? [];
    for (const document of documents) {
      const name = entry(document.root, "name");
      if (isText(name) && name.value !== "") last = name;
    }
  }
  if (!isText(last)) return undefined;
  const lookup = lookupIn(environment);
  const result = substitute(last.value, lookup);
  // what cannot be interpolated is reported where the file is
  if (result.kind !== "text") return undefined;
  const variables = result.used.map((variable) => variableUse(variable, lookup));
  return { text: normaliseName(result.text), written: { ...last, variables } };
}
