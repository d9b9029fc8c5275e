import { type BoundPem, pemAt } from "../../src/policy/pems.ts";
import type { PolicyInput } from "../../src/policy/policy.ts";
import { environmentOf } from "../../src/policy/service.ts";
import { deviceAuth, useradm } from "./_names.ts";
import { releaseOf } from "./_release.ts";

/** The key with which a service signs its tokens. */
export interface SigningKey {
  readonly service: string;
  /** Where the service looks for it. */
  readonly target: string;
  /** undefined when nothing is bound there. */
  readonly file?: BoundPem;
}

/** The signing keys of the services that are there. */
export function signingKeys(input: PolicyInput): readonly SigningKey[] {
  const { services } = input.desired.model;
  const enterprise = releaseOf(input.desired)?.edition === "enterprise";
  const deviceTarget = environmentOf(services[deviceAuth])["DEVICEAUTH_SERVER_PRIV_KEY_PATH"] ||
    "/etc/deviceauth/rsa/private.pem";
  const userTarget = environmentOf(services[useradm])["USERADM_SERVER_PRIV_KEY_PATH"];
  const userTargets = userTarget
    ? [userTarget]
    : enterprise
    ? ["/etc/useradm-enterprise/rsa/private.pem", "/etc/useradm/rsa/private.pem"]
    : ["/etc/useradm/rsa/private.pem"];
  return [
    ...(services[deviceAuth] ? [signingKey(input, deviceAuth, [deviceTarget])] : []),
    ...(services[useradm] ? [signingKey(input, useradm, userTargets)] : []),
  ];
}

function signingKey(input: PolicyInput, service: string, targets: readonly string[]): SigningKey {
  for (const target of targets) {
    const file = pemAt(input, { key: service, target });
    if (file) return { service, target, file };
  }
  return { service, target: targets[0]! };
}
