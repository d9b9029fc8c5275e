import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { demoKeys } from "./_demo-keys.ts";
import { isMender } from "./_release.ts";

export const m24: Policy = {
  id: "M24",
  title: "No private key in git in clear",
  severity: "warn",
  reason: "it stays in the history for ever, and whoever may read the repository has it",
  source: "Mender production installation guide, which ends with such a commit unless the keys are encrypted",
  remedy: `make new keys, seal them with "holdfast keys seal", and remove these from git`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ trackedPems }: PolicyInput): Finding[] {
  return [...trackedPems].flatMap(([file, { privateKeys }]) => {
    // Upstream's demo keys are in every clone; M23 denies them where one is used.
    const own = privateKeys.filter(({ encrypted, publicKeyDigest }) => !encrypted && !demoKeys.has(publicKeyDigest));
    if (own.length === 0) return [];
    const position = { file, line: 1, column: 1 };
    return [{ path: [], message: `"${file}" is a private key in clear, needed an encrypted bundle`, position }];
  });
}
