import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { aliasesOf } from "../../src/policy/service.ts";
import { gateway, minio, storageProxy } from "./_names.ts";
import { isMender } from "./_release.ts";

export const m06: Policy = {
  id: "M06",
  title: "An alias is a bare host name",
  severity: "deny",
  reason: "nothing ever looks up a URL as a name: the alias has no effect",
  source: "mendersoftware/integration a6062444 and a4fa12e2, where the template had one",
  remedy: `write the name alone: "s3.acme.org"`,
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  return [gateway, minio, storageProxy].flatMap((key) =>
    aliasesOf(key, desired.model.services[key]).flatMap(({ path, alias }) => {
      if (/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(alias)) return [];
      return [{ path, message: `"${alias}" is an alias, needed a bare host name` }];
    })
  );
}
