import type { VariableUse } from "../tree/node.ts";
import { positionAt } from "../tree/source.ts";
import type { PlacedVariable } from "./dotenv.ts";
import type { Lookup, Variable } from "./template.ts";

/** Where the variable that a text asked for comes from. */
export function variableUse(name: string, lookup: Lookup): VariableUse {
  const variable: (Variable & Partial<PlacedVariable>) | undefined = lookup(name);
  if (!variable) return { name, from: "unset" };
  const position = variable.place ? positionAt(variable.place) : variable.position;
  return position ? { name, from: "file", position } : { name, from: "given" };
}
