import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { evaluate } from "../../src/policy/evaluate.ts";
import type { Pack, Policy, PolicyWaiver } from "../../src/policy/policy.ts";
import { policyInput, verdictLine } from "../support/policies.ts";

const words = { reason: "it breaks", source: "experience", remedy: "mend it" };
const noTty: Policy = {
  ...words,
  id: "no-tty",
  title: "No terminals",
  severity: "deny",
  rule: {
    kind: "service",
    schema: z.looseObject({ tty: z.literal(false, { error: "a terminal is open" }).optional() }),
  },
};
const named: Policy = {
  ...words,
  id: "named",
  title: "Projects have an owner",
  severity: "warn",
  rule: { kind: "project", schema: z.looseObject({ "x-owner": z.string({ error: "no owner" }) }) },
};
const pack: Pack = { name: "test", policies: [named, noTty] };
const services = { web: { tty: true }, db: { tty: true }, cache: { tty: false } };
const lines = { "services.web": 10, "services.web.tty": 12, "services.db": 3 };

function lineOf(waivers: readonly PolicyWaiver[], packs: readonly Pack[] = [pack]): string[] {
  return evaluate(policyInput({ services, lines }, { packs, waivers })).map(verdictLine);
}

test("evaluate() sorts by place and points each finding to the line that was written", () => {
  const verdicts = evaluate(policyInput({ services, lines }, { packs: [pack] }));
  assert.deepEqual(
    verdicts.map(({ policy, resource, position, outcome }) => [policy, resource, position?.line, outcome]),
    [
      ["named", "project", undefined, "warned"],
      ["no-tty", "service/db", 3, "denied"],
      ["no-tty", "service/web", 12, "denied"],
    ],
  );
  assert.deepEqual(verdicts[1], {
    policy: "no-tty",
    pack: "test",
    title: "No terminals",
    severity: "deny",
    outcome: "denied",
    resource: "service/db",
    message: "a terminal is open",
    hint: "mend it",
    position: { file: "compose.yaml", line: 3, column: 1 },
    reason: "it breaks",
  });
});

test("evaluate() passes over a policy that does not apply", () => {
  const gated: Policy = { ...noTty, appliesTo: (desired) => desired.project === "other" };
  assert.deepEqual(lineOf([], [{ name: "test", policies: [gated] }]), []);
});

test("evaluate() waives up to the last day, for the service named", () => {
  const waiver = { policy: "no-tty", service: "web", until: "2026-11-21", reason: "debugging" };
  assert.deepEqual(lineOf([waiver]), [
    "warned project: no owner",
    `noted service/web: The waiver of no-tty for "web" ends with 2026-11-21`,
    "denied service/db: a terminal is open",
    "waived service/web: a terminal is open; waived until 2026-11-21: debugging",
  ]);
});

test("evaluate() waives for every service when none is named", () => {
  const waiver = { policy: "no-tty", until: "2027-06-30", reason: "debugging" };
  assert.deepEqual(lineOf([waiver]).map((line) => line.split(" ")[0]), ["warned", "waived", "waived"]);
});

test("evaluate() denies after the last day, and says that the waiver ended", () => {
  const said = lineOf([{ policy: "no-tty", service: "web", until: "2026-11-20", reason: "debugging" }]);
  assert.ok(said.includes("denied service/web: a terminal is open"));
  assert.ok(said.includes(`warned service/web: The waiver of no-tty for "web" ended with 2026-11-20`));
});

test("evaluate() warns of a waiver that matches nothing, and of one that names no policy", () => {
  const said = lineOf([
    { policy: "no-tty", service: "cache", until: "2027-06-30", reason: "-" },
    { policy: "no-ttty", until: "2027-06-30", reason: "-" },
  ]);
  assert.ok(said.includes(`warned service/cache: The waiver of no-tty for "cache" matches nothing`));
  assert.ok(said.includes("warned project: The waiver of no-ttty names a policy that is in none of the packs"));
});

test("evaluate() shows no value that comes from a key or whose name looks secret, whole or in part", () => {
  const telling: Policy = {
    ...words,
    id: "telling",
    title: "Tells everything",
    severity: "info",
    rule: {
      kind: "check",
      check: () => [{ path: ["services", "web"], message: `found "hunter2", "s3.acme.test" and "plain", not hunter2` }],
    },
  };
  const environment = { DB_PASSWORD: "hunter2", STORAGE: "https://s3.acme.test:9000", MODE: "plain" };
  const secretPaths = ["services.web.environment.STORAGE"];
  const input = policyInput({ services: { web: { environment } }, secretPaths }, {
    packs: [{ name: "test", policies: [telling] }],
  });
  assert.deepEqual(evaluate(input).map(verdictLine), [
    `noted service/web: found "‹hidden›", "‹hidden›" and "plain", not hunter2`,
  ]);
});
