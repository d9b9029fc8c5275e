import type { PemFacts } from "../../src/model/certificates.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import type { Policy, PolicyInput, Verdict } from "../../src/policy/policy.ts";
import { type DesiredParts, desiredState } from "./desired.ts";

export const now = new Date("2026-11-21T12:00:00Z");

export interface JudgedParts extends DesiredParts {
  /** By path inside the keys folder. */
  readonly keyPems?: Readonly<Record<string, PemFacts>>;
  /** By path in the repository. */
  readonly trackedPems?: Readonly<Record<string, PemFacts>>;
}

/** Input for `evaluate()`: of one policy, or of the packs and waivers given. */
export function policyInput(parts: JudgedParts, more: Partial<PolicyInput> = {}): PolicyInput {
  const { keyPems = {}, trackedPems = {}, ...desired } = parts;
  return {
    desired: desiredState(desired),
    keys: new Map(),
    keyPems: new Map(Object.entries(keyPems)),
    trackedPems: new Map(Object.entries(trackedPems)),
    packs: [],
    waivers: [],
    now,
    ...more,
  };
}

/** What one policy says, one line each: `denied service/web: …`. */
export function judge(policy: Policy, parts: JudgedParts, more: Partial<PolicyInput> = {}): string[] {
  return evaluate(policyInput(parts, { packs: [{ name: "test", policies: [policy] }], ...more })).map(verdictLine);
}

export function verdictLine({ outcome, resource, message }: Verdict): string {
  return `${outcome} ${resource}: ${message}`;
}
