import type * as z from "zod";
import { escapeShort } from "../model/escape.ts";
import { compareText } from "../model/issue.ts";
import { formatPath } from "../model/path.ts";
import { comparePositions } from "../model/position.ts";
import type { Finding, Pack, Policy, PolicyInput, Severity, Verdict } from "./policy.ts";
import { redactor } from "./_redact.ts";
import { Waivers } from "./_waivers.ts";

const mostCharacters = 2000;
const outcomes = { deny: "denied", warn: "warned", info: "noted" } as const satisfies Record<Severity, string>;

/** Everything the packs have to say of a desired state, waived or not, sorted by position, policy and resource. */
export function evaluate(input: PolicyInput): readonly Verdict[] {
  const waivers = new Waivers(input.waivers, input.now);
  const said = input.packs.flatMap((pack) =>
    pack.policies
      .filter((policy) => policy.appliesTo?.(input.desired) ?? true)
      .flatMap((policy) => judge(policy, input).map((finding) => ({ pack, policy, finding })))
  );
  const redact = said.length > 0 ? redactor(input.desired) : String;
  const verdicts = said.map((one) => verdict(one, input, waivers)).map((one) => ({
    ...one,
    message: shorten(redact(one.message)),
  }));
  const known = input.packs.flatMap((pack) => pack.policies.map((policy) => policy.id));
  return [...verdicts, ...waivers.verdicts(known)].sort((a, b) =>
    comparePositions(a.position, b.position) || compareText(a.policy, b.policy) ||
    compareText(a.resource, b.resource) || compareText(a.message, b.message)
  );
}

/** A message may hold what people wrote, however long that is. */
function shorten(message: string): string {
  return message.length > mostCharacters ? escapeShort(message, mostCharacters) : message;
}

function judge(policy: Policy, input: PolicyInput): readonly Finding[] {
  const { rule } = policy;
  const { model } = input.desired;
  switch (rule.kind) {
    case "project":
      return schemaFindings(rule.schema, model, []);
    case "service":
      return Object.keys(model.services).sort().flatMap((key) =>
        schemaFindings(rule.schema, model.services[key], ["services", key])
      );
    case "check":
      return rule.check(input);
  }
}

function schemaFindings(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): Finding[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({ path: [...path, ...issue.path], message: issue.message }));
}

interface Said {
  readonly pack: Pack;
  readonly policy: Policy;
  readonly finding: Finding;
}

function verdict({ pack, policy, finding }: Said, { desired }: PolicyInput, waivers: Waivers): Verdict {
  const severity = finding.severity ?? policy.severity;
  const position = finding.position ?? desired.positionOf(formatPath(finding.path));
  const waiver = waivers.take(policy.id, serviceOf(finding.path));
  return {
    policy: policy.id,
    pack: pack.name,
    title: policy.title,
    severity,
    outcome: waiver ? "waived" : outcomes[severity],
    resource: resourceOf(finding.path),
    message: waiver ? `${finding.message}; waived until ${waiver.until}: ${waiver.reason}` : finding.message,
    hint: finding.hint ?? policy.remedy,
    ...(position ? { position } : {}),
    reason: policy.reason,
  };
}

function serviceOf(path: readonly PropertyKey[]): string | undefined {
  return path[0] === "services" && path.length > 1 ? String(path[1]) : undefined;
}

function resourceOf(path: readonly PropertyKey[]): string {
  const kinds: Record<string, string> = {
    services: "service",
    networks: "network",
    volumes: "volume",
    configs: "config",
    secrets: "secret",
  };
  const kind = kinds[String(path[0])];
  return kind === undefined || path.length < 2 ? "project" : `${kind}/${String(path[1])}`;
}
