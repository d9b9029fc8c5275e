import type { Variable } from "../compose/load.ts";
import type { Manifest } from "../config/manifest.ts";
import { unopenedKey } from "../model/secrets.ts";

/** The manifest's variables with the names of keys in place of their text: a command without keys shows what is meant. */
export function unopenedVariables(manifest: Manifest): Map<string, Variable> {
  return new Map(
    Object.entries(manifest.environment).map(([name, value]) => {
      const position = manifest.positionOf(`environment.${name}`);
      return [name, { value: typeof value === "string" ? value : unopenedKey(value.key), position }];
    }),
  );
}
