import type * as z from "zod";
import { HoldfastError } from "../model/error.ts";
import { boundIssue, formatIssue, hasErrors, type Issue, sortIssues } from "../model/issue.ts";
import { schemaIssues } from "./_issues.ts";
import { type CodePrefix, maxIssues, readYaml, type YamlText } from "./_read-yaml.ts";
import { type AgentConfig, agentSchema } from "./agent-config.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

export interface LoadedManifest {
  /** Absent when an issue is an error. */
  readonly manifest?: Manifest;
  readonly issues: readonly Issue[];
}

/**
 * The host's configuration from the text of `agent.yaml`.
 *
 * @param file path for positions
 * @throws HoldfastError `CONFIG_INVALID` with every issue that was found; `CONFIG_EMPTY` when nothing is wrong but that
 *   it has no deployment
 */
export function loadAgentConfig(text: string, file: string): AgentConfig {
  const document = readYaml(text, file, "CONFIG");
  const { value, issues } = check(agentSchema, document, "CONFIG");
  if (value && !hasErrors(issues)) return value;
  if (document.issues.length === 0 && issues.length === 1 && isUnfilled(document.value)) throw withoutDeployment(file);
  const first = issues[0] ? `: ${formatIssue(issues[0])}` : "";
  const count = issues.length === 1 ? "" : ` (and ${issues.length - 1} more)`;
  throw new HoldfastError("CONFIG_INVALID", `Cannot use "${file}"${first}${count}`, {
    retry: "operator",
    hint: issues[0]?.hint ?? "correct the file and start again",
    issues,
  });
}

/** The template as it was installed, or a list that has nothing in it yet. */
function isUnfilled(value: unknown): boolean {
  if (value === null || typeof value !== "object") return value === null;
  const { deployments } = value as { readonly deployments?: unknown };
  return "deployments" in value && (deployments === null || (Array.isArray(deployments) && deployments.length === 0));
}

function withoutDeployment(file: string): HoldfastError {
  return new HoldfastError("CONFIG_EMPTY", `Cannot use "${file}": no deployment is configured yet`, {
    retry: "operator",
    hint: `add one to "deployments" in "${file}", then: sudo holdfast install (or systemctl restart holdfast)`,
  });
}

/**
 * The deployment's manifest from the text of `holdfast.yaml`.
 *
 * @param file its path in the repository
 */
export function loadManifest(text: string, file: string): LoadedManifest {
  const document = readYaml(text, file, "MANIFEST");
  const { value, issues } = check(manifestSchema, { ...document, value: document.value ?? {} }, "MANIFEST");
  if (!value || hasErrors(issues)) return { issues };
  const { positionOf } = document;
  const waive = value.policies.waive.map((waiver, index) => ({
    ...waiver,
    position: positionOf(`policies.waive[${index}]`),
  }));
  const policies = { ...value.policies, waive };
  return { manifest: { ...value, policies, compose: value.compose ?? [], file, positionOf }, issues };
}

function check<Schema extends z.ZodType>(schema: Schema, document: YamlText, prefix: CodePrefix) {
  if (hasErrors(document.issues)) return { value: undefined, issues: sortIssues(document.issues) };
  const result = schema.safeParse(document.value);
  const found = result.success ? [] : schemaIssues(schema, result.error, { document, prefix });
  const issues = sortIssues([...document.issues, ...found]);
  const errors = issues.filter(({ severity }) => severity === "error"); // none is left out for a warning
  return {
    value: result.data,
    issues: (errors.length > maxIssues ? errors : issues).slice(0, maxIssues).map(boundIssue),
  };
}
