import type { ComposeModel, Json } from "../model/compose.ts";
import type { LoadedProject } from "./load.ts";
import { entry, entryText, mapEntries, mapFrom, type MapNode, withEntries } from "./tree/node.ts";
import { toJson } from "./tree/to-json.ts";
import { writeYaml } from "./print/write-yaml.ts";
import { yamlForm } from "./print/yaml-form.ts";

/** What `docker compose config` prints in this format: every `$` doubled, so that it can be read again. */
export function printModel({ model, tree }: LoadedProject, format: "yaml" | "json"): string {
  if (format === "json") return `${jsonText(printableModel(model))}\n`;
  return writeYaml(yamlForm(withPrintedServices(tree))).replaceAll("$", "$$$$");
}

/** JSON that is YAML too: its reader takes the separators of Unicode for line ends. */
function jsonText(model: ComposeModel): string {
  return JSON.stringify(model, null, 2).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** The model of a canonical tree. Compose's JSON has no models. */
export function modelOf(tree: MapNode): ComposeModel {
  const printed = withEntries(withPrintedServices(tree), { models: undefined });
  return {
    ...(toJson(printed) as { readonly [key: string]: never }),
    name: entryText(tree, "name") ?? "",
  } as ComposeModel;
}

/** Label files have become labels when services are printed; there is a section of services always. */
function withPrintedServices(tree: MapNode): MapNode {
  const services = entry(tree, "services");
  const printed = services?.kind === "map"
    ? mapEntries(
      services,
      (service) => service.kind === "map" ? withEntries(service, { label_file: undefined }) : service,
    )
    : mapFrom(tree, []);
  return withEntries(tree, { services: printed });
}

/** The model as `config` prints it: every `$` doubled, so that it can be read again. */
export function printableModel(model: ComposeModel): ComposeModel {
  return printableValue(model as Json) as unknown as ComposeModel;
}

/** A value of the model as `config` prints it. */
export function printableValue(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(printableValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replaceAll("$", "$$$$"), printableValue(item)]),
  );
}
