import type { ComposeService } from "../../model/compose.ts";
import { fieldsOf, numberOf } from "./fields.ts";

/** How many containers a service has. */
export function replicasOf(service: ComposeService): number {
  return numberOf(service["scale"]) ?? numberOf(fieldsOf(service["deploy"])["replicas"]) ?? 1;
}
