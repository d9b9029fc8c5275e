import { cleanPath } from "../files/clean-path.ts";
import { repositoryPath, type Workspace } from "../files/workspace.ts";
import type { Collector } from "../tree/collector.ts";
import { quote } from "../tree/node.ts";
import { parseGoBool } from "../types/truth.ts";
import type { PlacedVariable } from "./dotenv.ts";
import { type Environment, joinEnvironments, readEnvFiles } from "./environment.ts";
import type { Variable } from "./template.ts";

/** `.env` in a folder, if it is there as a file. */
export function defaultEnvFile(workspace: Workspace, folder: string): readonly string[] {
  const absolute = cleanPath(`${folder}/.env`);
  const path = repositoryPath(workspace, absolute);
  return path !== undefined && workspace.files.read(path) ? [absolute] : [];
}

/**
 * What `.env` in a folder sets, where no env files are named. COMPOSE_DISABLE_ENV_FILE switches it off; set in `.env`
 * itself it leaves the COMPOSE_ variables, which Compose has taken over by then.
 */
export function readDefaultEnvFile(workspace: Workspace, folder: string, environment: Environment): Environment {
  if (isDefaultEnvFileOff(environment, workspace.collector)) return new Map();
  const variables = readEnvFiles(workspace, defaultEnvFile(workspace, folder), {
    environment,
    wanted: { what: "The env file" },
  });
  const joined = joinEnvironments(environment, variables);
  return isDefaultEnvFileOff(joined, workspace.collector) ? composeVariables(variables) : variables;
}

/** Those whose names begin with COMPOSE_: they tell Compose itself what to do. */
export function composeVariables(variables: Environment): Environment {
  return new Map([...variables].filter(([name]) => name.startsWith("COMPOSE_")));
}

/** Whether COMPOSE_DISABLE_ENV_FILE switches `.env` off; what is no truth value is reported. */
export function isDefaultEnvFileOff(environment: Environment, collector: Collector): boolean {
  const variable: (Variable & Partial<PlacedVariable>) | undefined = environment.get("COMPOSE_DISABLE_ENV_FILE");
  if (!variable) return false;
  const off = parseGoBool(variable.value);
  if (off !== undefined) return off;
  collector.error("COMPOSE_VALUE", `COMPOSE_DISABLE_ENV_FILE is ${quote(variable.value)}, not true or false`, {
    ...(variable.place && { place: variable.place }),
    hint: "set it to true or false, or not at all",
  });
  return false;
}
