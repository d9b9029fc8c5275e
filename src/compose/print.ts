import type { ComposeModel, Json } from "../model/compose.ts";

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
