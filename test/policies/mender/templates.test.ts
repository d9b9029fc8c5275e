import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { baseline } from "../../../policies/baseline/pack.ts";
import { mender } from "../../../policies/mender/pack.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { policyInput } from "../../support/policies.ts";

/** Models that the real Compose made of Mender's templates as they are; optional: not part of a clone. */
const data = new URL("../../../../shared/data/compose/mender/", import.meta.url);

/** What an operator fills in, by what the template holds. */
const filledIn: readonly (readonly [RegExp, string])[] = [
  [/https:\/\/set-my-alias-here\.com/g, "https://s3.acme.test"],
  [/set-my-alias-here\.com/g, "s3.acme.test"],
  [/my-gateway-dns-name/g, "mender.acme.test"],
  [/"(MINIO_ACCESS_KEY|DEPLOYMENTS_AWS_AUTH_KEY)": null/g, `"$1": "acme-storage"`],
  [/"(MINIO_SECRET_KEY|DEPLOYMENTS_AWS_AUTH_SECRET)": null/g, `"$1": "Xk2-ahNg8eeph"`],
];
const forRelease: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  "2.2.0": [[/https:\/\/s3\.acme\.test/g, "https://s3.acme.test:9000"]],
  "3.7.11": [[/"ALLOWED_HOSTS": "mender\.acme\.test"/g, `"ALLOWED_HOSTS": "mender.acme.test,s3.acme.test"`]],
};

function deniedOf(text: string): string[] {
  const { name, services, volumes } = JSON.parse(text.replaceAll("${DIR}", "/srv/demo"));
  const input = policyInput({ services, volumes }, { packs: [baseline, mender] });
  const verdicts = evaluate({ ...input, desired: { ...input.desired, project: name } });
  return verdicts.filter(({ outcome }) => outcome === "denied").map(({ policy, resource }) => `${policy} ${resource}`);
}

for (const [release, changes] of Object.entries(forRelease)) {
  for (const edition of ["os", "enterprise"]) {
    const file = new URL(`integration-${release}-prod-${edition}/expected.json`, data);
    const engine = release === "3.7.11" ? ["engine-socket service/mender-api-gateway"] : [];

    test(`the packs deny the template of ${release} ${edition}, and only the engine's socket once it is filled in`, (t) => {
      if (!existsSync(file)) return t.diagnostic(`passed over: ${file.pathname} is not there`);
      const template = readFileSync(file, "utf8");
      const text = [...filledIn, ...changes].reduce((rest, [pattern, value]) => rest.replace(pattern, value), template);
      assert.deepEqual(deniedOf(text), engine);
      const denied = deniedOf(template);
      assert.equal(denied.filter((line) => line.startsWith("M01 ")).length, 7);
      assert.ok(
        denied.includes(release === "2.2.0" ? "M05 service/mender-deployments" : "M18 service/mender-api-gateway"),
      );
    });
  }
}
