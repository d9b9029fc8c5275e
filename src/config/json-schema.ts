import * as z from "zod";
import { agentSchema } from "./agent-config.ts";
import { manifestSchema } from "./manifest.ts";

/** JSON Schemas of both files as an operator writes them, for editors and the reference. */
export function jsonSchemas(): { readonly agent: object; readonly manifest: object } {
  return {
    agent: { title: "holdfast: agent.yaml", ...written(agentSchema) },
    manifest: { title: "holdfast: holdfast.yaml", ...written(manifestSchema) },
  };
}

function written(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema["later"];
    },
  });
}
