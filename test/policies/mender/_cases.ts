import assert from "node:assert/strict";
import { test } from "node:test";
import { mender } from "../../../policies/mender/pack.ts";
import type { CertificateFact, PrivateKeyFact } from "../../../src/model/certificates.ts";
import type { Json } from "../../../src/model/compose.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import {
  type Edition,
  editions,
  environmentOf,
  type Installation,
  installation,
  pem,
} from "../../support/mender/installation.ts";
import { judge } from "../../support/policies.ts";

export const old = ["2.2 open-source", "2.2 enterprise"] as const;
export const recent = ["3.7 open-source", "3.7 enterprise"] as const;
export const gateway = "mender-api-gateway";
export const deployments = "mender-deployments";
export const devices = "mender-device-auth";

type Change = (parts: Installation) => void;

/** Sets a variable of a service. */
export const set = (key: string, name: string, value: Json): Change => (parts) => {
  environmentOf(parts, key)[name] = value;
};

/** Sets a key of a service. */
export const put = (key: string, name: string, value: Json): Change => (parts) => {
  parts.services[key]![name] = value;
};

/** Puts a PEM file into the bundle. */
export const keep = (path: string, ...facts: readonly (CertificateFact | PrivateKeyFact)[]): Change => (parts) => {
  parts.keyPems[path] = pem(...facts);
};

export interface Case {
  readonly policy: string;
  readonly finds: string;
  /** Of which installations; all when absent. */
  readonly in?: readonly Edition[];
  readonly change: Change;
  /** What is said; nothing when the change is let through. */
  readonly says?: RegExp;
}

/** One test for each case and edition: a finished installation, changed, as the one policy sees it. */
export function testCases(cases: readonly Case[]): void {
  for (const { policy, finds, change, says, in: where = editions } of cases) {
    for (const edition of where) {
      test(`${policy} finds ${finds} (${edition})`, () => {
        const said = judge(policyOf(policy), installation(edition, change));
        assert.equal(said.length, says ? 1 : 0, said.join("\n"));
        if (says) assert.match(said[0]!, says);
      });
    }
  }
}

export function policyOf(id: string): Policy {
  const policy = mender.policies.find((candidate) => candidate.id === id);
  assert.ok(policy, `no policy ${id}`);
  return policy;
}
