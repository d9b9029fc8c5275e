import { parseEnvFile, type PlacedVariable } from "./dotenv.ts";
import type { Place } from "../tree/source.ts";
import type { Lookup, Variable } from "./template.ts";
import { readSource, type Wanted, type Workspace } from "../files/workspace.ts";

/** Variables by name. */
export type Environment = ReadonlyMap<string, Variable>;

/** Looks variables up in an environment. */
export function lookupIn(environment: Environment): Lookup {
  return (name) => environment.get(name);
}

/** Both together; the first wins. */
export function joinEnvironments(first: Environment, second: Environment): Environment {
  return new Map([...second, ...first]);
}

/**
 * The variables of env files for interpolation. A later file wins over an earlier one; all may refer to `environment`.
 *
 * @param paths absolute
 * @param context where each path is written is in `places`
 */
export function readEnvFiles(
  workspace: Workspace,
  paths: readonly string[],
  context: { readonly environment: Environment; readonly wanted: Wanted; readonly places?: readonly Place[] },
): Environment {
  const variables = new Map<string, PlacedVariable>();
  const lookup: Lookup = (name) => context.environment.get(name) ?? variables.get(name);
  for (const [index, path] of paths.entries()) {
    const source = readSource(workspace, path, { place: context.places?.[index], ...context.wanted });
    if (source) parseEnvFile(source, variables, { lookup, collector: workspace.collector });
  }
  return variables;
}
