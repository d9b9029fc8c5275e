import assert from "node:assert/strict";
import { test } from "node:test";
import { m01 } from "../../../policies/mender/m01-placeholders.ts";
import { m02 } from "../../../policies/mender/m02-access-key.ts";
import { m03 } from "../../../policies/mender/m03-secret-key.ts";
import { judge } from "../../support/policies.ts";

const editions = {
  "2.2 open source": "mendersoftware/deployments:1.8.0",
  "2.2 Enterprise": "registry.mender.io/mendersoftware/deployments-enterprise:1.8.0",
  "3.7 open source": "mendersoftware/deployments:mender-3.7.11",
  "3.7 Enterprise": "registry.mender.io/mendersoftware/deployments-enterprise:mender-3.7.11",
};

function installation(image: string, change: { deployments?: object; minio?: object; gateway?: object } = {}) {
  return {
    services: {
      "mender-api-gateway": { image: "x", environment: { ALLOWED_HOSTS: "mender.acme.test", ...change.gateway } },
      "mender-deployments": {
        image,
        environment: {
          DEPLOYMENTS_AWS_AUTH_KEY: "acme",
          DEPLOYMENTS_AWS_AUTH_SECRET: "Xk2-long",
          DEPLOYMENTS_AWS_URI: "https://s3.acme.test:9000",
          ...change.deployments,
        },
      },
      minio: {
        image: "minio/minio:R",
        environment: { MINIO_ACCESS_KEY: "acme", MINIO_SECRET_KEY: "Xk2-long", ...change.minio },
      },
    },
  };
}

for (const [edition, image] of Object.entries(editions)) {
  test(`M01 to M03 let a finished installation of ${edition} through`, () => {
    for (const policy of [m01, m02, m03]) assert.deepEqual(judge(policy, installation(image)), []);
  });

  test(`M01 denies what the templates of ${edition} leave open`, () => {
    const left = installation(image, {
      deployments: { DEPLOYMENTS_AWS_AUTH_KEY: null, DEPLOYMENTS_AWS_URI: "https://set-my-alias-here.com" },
      gateway: { ALLOWED_HOSTS: "my-gateway-dns-name" },
      minio: { MINIO_SECRET_KEY: "" },
    });
    assert.deepEqual(judge(m01, left), [
      `denied service/mender-api-gateway: "ALLOWED_HOSTS" holds the placeholder "my-gateway-dns-name", needed this installation's own name`,
      `denied service/mender-deployments: "DEPLOYMENTS_AWS_AUTH_KEY" has no value, needed a credential: without one it comes from nowhere`,
      `denied service/mender-deployments: "DEPLOYMENTS_AWS_URI" holds the placeholder "set-my-alias-here.com", needed this installation's own name`,
      `denied service/minio: "MINIO_SECRET_KEY" has no value, needed a credential: without one it comes from nowhere`,
    ]);
  });

  test(`M02 and M03 deny different credentials in ${edition}, and show neither`, () => {
    const differing = installation(image, { minio: { MINIO_ACCESS_KEY: "other", MINIO_SECRET_KEY: "Xk3-long" } });
    const said = [...judge(m02, differing), ...judge(m03, differing)];
    assert.deepEqual(said, [
      `denied service/mender-deployments: "DEPLOYMENTS_AWS_AUTH_KEY" is not what "MINIO_ACCESS_KEY" of minio is, needed the same value`,
      `denied service/mender-deployments: "DEPLOYMENTS_AWS_AUTH_SECRET" is not what "MINIO_SECRET_KEY" of minio is, needed the same value`,
    ]);
  });
}

test("M01 denies an alias that is a placeholder, and a secret that the guide publishes", () => {
  const image = editions["2.2 open source"];
  const parts = installation(image, {
    deployments: { DEPLOYMENTS_AWS_AUTH_SECRET: "ahshagheeD1ooPae" },
    minio: { MINIO_SECRET_KEY: "minio123" },
  });
  const services = {
    ...parts.services,
    "storage-proxy": { networks: { mender: { aliases: ["s3.docker.mender.io", "set-my-alias-here.com"] } } },
  };
  const said = judge(m01, { services });
  assert.equal(said.filter((line) => line.includes("a sample value")).length, 2);
  assert.equal(said.filter((line) => line.startsWith("denied service/storage-proxy")).length, 1);
  assert.ok(!said.join().includes("ahshaghee"));
});

test("M01 warns of the guide's host names, which are nobody's", () => {
  const said = judge(
    m01,
    installation(editions["2.2 open source"], { gateway: { ALLOWED_HOSTS: "mender.example.com" } }),
  );
  assert.deepEqual(said, [
    `warned service/mender-api-gateway: "ALLOWED_HOSTS" holds the guide's "mender.example.com", needed this installation's own name`,
  ]);
});

test("M02 denies a credential that one side lacks, and leaves a missing value to M01", () => {
  const image = editions["3.7 open source"];
  assert.deepEqual(judge(m02, installation(image, { minio: { MINIO_ACCESS_KEY: null } })), []);
  const parts = installation(image);
  const services = { ...parts.services, minio: { image: "minio/minio:R", environment: {} } };
  assert.match(judge(m02, { services }).join(), /"MINIO_ACCESS_KEY" of minio is missing/);
});

test("M01 to M03 leave other projects alone", () => {
  const services = {
    minio: { environment: { MINIO_ACCESS_KEY: null } },
    web: { environment: { HOST: "set-my-alias-here.com" } },
  };
  for (const policy of [m01, m02, m03]) assert.deepEqual(judge(policy, { services }), []);
});
