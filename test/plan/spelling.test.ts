import assert from "node:assert/strict";
import { test } from "node:test";
import {
  canonicalCapability,
  canonicalDeviceRule,
  canonicalHost,
  canonicalPath,
  canonicalPermissions,
  canonicalSecurityOption,
  canonicalSignal,
} from "../../src/plan/spelling.ts";

const kinds: readonly {
  readonly of: (text: string) => string;
  readonly same: readonly string[];
  readonly other: string;
}[] = [
  { of: canonicalPath, same: ["/var", "/var/", "//var", "/./var/.", "/var/../var", "/../var"], other: "/var/lib" },
  { of: canonicalCapability, same: ["NET_ADMIN", "CAP_NET_ADMIN", "net_admin", "cap_net_admin"], other: "NET_RAW" },
  { of: canonicalSignal, same: ["SIGTERM", "TERM", "term", "15"], other: "9" },
  { of: canonicalSecurityOption, same: ["seccomp=unconfined", "seccomp:unconfined"], other: "seccomp=builtin" },
  {
    of: canonicalSecurityOption,
    same: ["no-new-privileges", "no-new-privileges=true", "no-new-privileges:true"],
    other: "no-new-privileges:false",
  },
  { of: canonicalPermissions, same: ["rwm", "mwr", "wrm"], other: "rm" },
  { of: canonicalHost, same: ["a:::1", "a=::1", "a=[::1]", "a:0:0:0:0:0:0:0:1"], other: "a:::2" },
  { of: canonicalDeviceRule, same: ["c 1:3 rm", "c 1:3 mr", "c  1:3 mr"], other: "c 1:3 r" },
];

for (const { of, same, other } of kinds) {
  test(`${of.name}() takes ${same.join(", ")} for one, and ${other} for another`, () => {
    assert.deepEqual(new Set(same.map(of)), new Set([of(same[0]!)]));
    assert.notEqual(of(other), of(same[0]!));
  });
}

test("a canonical form leaves what is no value of its kind as it is", () => {
  assert.equal(canonicalPath("data"), "data");
  assert.equal(canonicalPath("."), ".");
  assert.equal(canonicalHost("db:host-gateway"), "db:host-gateway");
});
