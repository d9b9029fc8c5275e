import type { ComposeService } from "../../model/compose.ts";
import { globalModeReason, ignoredDeployKeys, ignoredKey, ignoredServiceKeys } from "../keys.ts";
import { fieldsOf } from "../desired/fields.ts";
import type { IssueList } from "../desired/issue-list.ts";

/** Warns of what Compose accepts and a host without a swarm and a terminal has no use for. */
export function checkIgnored(service: ComposeService, path: string, issues: IssueList): void {
  const warn = (at: string, reason: string): void => issues.warning("KEY_IGNORED", at, ignoredKey(at, reason));
  for (const [key, reason] of Object.entries(ignoredServiceKeys)) {
    const isRefused = key === "build" && service["image"] === undefined; // told as an error
    if (service[key] !== undefined && !isRefused) warn(`${path}.${key}`, reason);
  }
  const deploy = fieldsOf(service["deploy"]);
  for (const [key, reason] of Object.entries(ignoredDeployKeys)) {
    const value = deploy[key];
    if (value !== undefined && !isEmpty(value)) warn(`${path}.deploy.${key}`, reason);
  }
  if (deploy["mode"] === "global") warn(`${path}.deploy.mode`, globalModeReason);
}

/** The model prints `placement: {}` for every `deploy`. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
