import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthority } from "../support/certificates.ts";
import { createHost } from "./host.ts";
import { apply, assertConverged, look, readInContainer, statusOf, tree } from "./judge.ts";

const host = await createHost("clear");
after(() => host.dispose());
const authority = await createAuthority();
after(() => authority.dispose());
const path = "keys-generated/keys/useradm/private.key";
const { key, cert } = await authority.certify(["mender.example.com"]);

test("keys that are committed in clear are bound from the checkout, with a warning and no key in the log", async () => {
  await host.push({
    "holdfast.yaml": `project: ${host.project}\npolicies: { packs: [mender] }\nverify: { running: 1s, timeout: 30s }\n`,
    "compose.yaml": `services:
  api:
    image: ${await host.image("mendersoftware/useradm:1.22.1")}
    init: true
    restart: unless-stopped
    volumes: ["./${path}:/etc/useradm/rsa/private.pem:ro"]
`,
    "keys.tar.gpg": null,
    [path]: key,
    "keys-generated/cert/cert.crt": cert,
  });
  const { stdout, stderr } = await apply(host);
  assert.match(stderr, /warned: .*\bM24\b/);
  const scene = await look(host);
  assert.deepEqual(statusOf(scene), { api: "running" });
  assert.equal(await readInContainer(host, scene.get("api")!.Id, "/etc/useradm/rsa/private.pem"), key);
  assert.deepEqual([...tree(host.folders.runtime).keys()].filter((path) => path.includes("/keys")), []);
  await assertConverged(host);
  const plan = (await host.holdfast("plan", "--format", "json")).stdout;
  const verdicts = JSON.parse(plan).reports[0].verdicts as { policy: string; outcome: string; message: string }[];
  assert.deepEqual(
    verdicts.filter(({ policy }) => policy === "M24").map(({ outcome, message }) => [outcome, message]),
    [
      ["warned", `"${path}" is a private key in clear, needed an encrypted bundle`],
    ],
  );
  const told = `${stdout}${stderr}${plan}`;
  assert.deepEqual(key.split("\n").filter((row) => /^[\w+/=]{20,}$/.test(row) && told.includes(row)), []);
});
