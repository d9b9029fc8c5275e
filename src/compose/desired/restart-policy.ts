import type { ComposeService } from "../../model/compose.ts";
import type { RestartPolicy } from "../../model/container.ts";
import { fieldsOf, numberOf, textOf } from "./fields.ts";

/** What Compose's words are for the Engine. */
const restartNames: Readonly<Record<string, RestartPolicy["name"]>> = {
  "": "no",
  none: "no",
  no: "no",
  "on-failure": "on-failure",
  "unless-stopped": "unless-stopped",
  any: "always",
  always: "always",
};

/**
 * What Compose makes of `restart` and `deploy.restart_policy`, which wins.
 *
 * @returns undefined when the Engine would refuse it, which is an issue of `runnable/check-runnable.ts`
 */
export function parseRestartPolicy(service: ComposeService): RestartPolicy | undefined {
  const deployed = fieldsOf(service["deploy"])["restart_policy"];
  const [condition = "", count] = deployed === undefined
    ? (textOf(service["restart"]) ?? "").split(":")
    : [textOf(fieldsOf(deployed)["condition"]) ?? "", String(numberOf(fieldsOf(deployed)["max_attempts"]) ?? "")];
  const name = Object.hasOwn(restartNames, condition) ? restartNames[condition] : undefined;
  const retries = count === undefined || count === "" ? 0 : Number(count);
  if (!name || !Number.isInteger(retries) || retries < 0) return undefined;
  if (retries > 0 && name !== "on-failure") return deployed === undefined ? undefined : { name };
  return retries > 0 ? { name, maximumRetries: retries } : { name };
}

/** As `parseRestartPolicy`, with no restarts where the Engine would refuse the policy. */
export function restartPolicyOf(service: ComposeService): RestartPolicy {
  return parseRestartPolicy(service) ?? { name: "no" };
}
