import { createCollector } from "./collector.ts";
import { cleanPath } from "./clean-path.ts";
import { parseEnvFile, type PlacedVariable } from "./dotenv.ts";
import type { ProjectFiles } from "./project-files.ts";
import { createSource, decodeText } from "./source.ts";
import type { Variable } from "./template.ts";

/** The files that COMPOSE_FILE names, repository-relative; undefined when it is not set. */
export function substituteFileList(
  files: ProjectFiles,
  folder: string,
  environment: ReadonlyMap<string, Variable>,
): readonly string[] | undefined {
  const path = cleanPath(folder === "" ? ".env" : `${folder}/.env`);
  const bytes = files.read(path);
  const variables = new Map<string, PlacedVariable>();
  const text = bytes && decodeText(bytes);
  if (text !== undefined) {
    // what is wrong with the file is reported when it is loaded
    parseEnvFile(createSource(path, text), variables, {
      lookup: (name) => environment.get(name),
      collector: createCollector(),
    });
  }
  const valueOf = (name: string): string => (environment.get(name) ?? variables.get(name))?.value ?? "";
  const list = valueOf("COMPOSE_FILE");
  if (list === "") return undefined;
  const separator = valueOf("COMPOSE_PATH_SEPARATOR") || ":";
  return list.split(separator).map((file) => cleanPath(folder === "" ? file : `${folder}/${file}`));
}
