import type { KeyFact } from "../../src/model/keys.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { text } from "../../src/policy/service.ts";
import { during } from "./_release.ts";
import { signingKeys } from "./_signing-keys.ts";

/** The images run as `nobody` from 3.4 on. */
const uid = 65534;

export const m22: Policy = {
  id: "M22",
  title: "Signing keys can be read by the user of the image",
  severity: "warn",
  reason: "the containers restart for ever, as they cannot read private.pem",
  source: "Dockerfiles of deviceauth 3.3.0 and useradm 1.19.0; mendersoftware/integration pull request 2226",
  remedy: `say so in holdfast.yaml: keys.files: [{ match: "keys/**", uid: 65534, mode: "0400" }]`,
  appliesTo: during({ since: "3.4" }),
  rule: { kind: "check", check },
};

function check(input: PolicyInput): Finding[] {
  const folder = input.desired.folders.keys;
  return signingKeys(input).flatMap(({ service, file }): Finding[] => {
    const fact = file && folder ? input.keys.get(file.source.slice(folder.length + 1)) : undefined;
    if (!file || !fact || isReadable(fact) || text(input.desired.model.services[service]?.["user"]) !== "") return [];
    const mode = fact.mode.toString(8).padStart(4, "0");
    const message =
      `The key of ${service} is for user ${fact.uid} with mode ${mode}, needed it readable for user ${uid}`;
    return [{ path: file.path, message }];
  });
}

function isReadable({ mode, uid: owner, gid }: KeyFact): boolean {
  if (owner === uid) return (mode & 0o400) !== 0;
  return (mode & (gid === uid ? 0o040 : 0o004)) !== 0;
}
