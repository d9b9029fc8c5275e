import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "node:tls";
import type Docker from "dockerode";
import { type TestEngine, testEngine } from "../engine.ts";
import { connectInEngineNetwork } from "../namespace.ts";
import { tempFolder } from "../temp.ts";
import { until } from "../until.ts";
import { MENDER_IMAGES } from "./catalog.ts";
import { makeKeys } from "./keys.ts";
import { ensureMenderImages } from "./stand-ins.ts";

let engine: TestEngine;
const keys = tempFolder("keys");
const containers: Docker.Container[] = [];

before(async () => {
  engine = await testEngine();
  await ensureMenderImages(engine.socket, "enterprise");
  await ensureMenderImages(engine.socket, "os");
  await makeKeys(keys.path, { api: "mender.acme.example", storage: "s3.acme.example" });
});

after(async () => {
  await Promise.all(containers.map((container) => container.remove({ force: true, v: true })));
  await engine?.dispose();
  await keys.dispose();
});

async function start(Image: string, options: Docker.ContainerCreateOptions = {}): Promise<Docker.Container> {
  const container = await engine.docker.createContainer({ Image, ...options });
  containers.push(container);
  await container.start();
  return container;
}

async function lastLine(container: Docker.Container): Promise<string> {
  const log = await container.logs({ stdout: true, stderr: true });
  return log.toString().trim().split("\n").at(-1)!;
}

const storageProxy = {
  HostConfig: {
    Binds: [
      `${keys.path}/certs/storage-proxy/cert.crt:/var/www/storage-proxy/cert/cert.crt:ro`,
      `${keys.path}/certs/storage-proxy/private.key:/var/www/storage-proxy/cert/private.key:ro`,
      `${keys.path}/nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf`,
    ],
    PortBindings: { "9000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
  },
  ExposedPorts: { "9000/tcp": {} },
};

test("ensureMenderImages() leaves the images alone that are there already", async () => {
  const made: string[] = [];
  await ensureMenderImages(engine.socket, "os", (line) => made.push(line));
  assert.deepEqual(made, []);
  const references = MENDER_IMAGES.map(({ reference }) => reference);
  await Promise.all(references.map((reference) => engine.docker.getImage(reference).inspect()));
});

test("the storage proxy serves TLS with the certificate it is given", async () => {
  writeFileSync(join(keys.path, "nginx.conf"), "# any\n");
  const network = await engine.docker.createNetwork({ Name: `stand-ins-${process.pid}` });
  try {
    const minio = await start("minio/minio:RELEASE.2018-09-25T21-34-43Z", {
      Cmd: ["server", "/export"],
      Env: ["MINIO_ACCESS_KEY=acme", "MINIO_SECRET_KEY=something-long"],
      HostConfig: { NetworkMode: network.id },
      NetworkingConfig: { EndpointsConfig: { [network.id]: { Aliases: ["minio"] } } },
    });
    const proxy = await start("openresty/openresty:1.13.6.2-0-alpine", {
      ...storageProxy,
      HostConfig: { ...storageProxy.HostConfig, NetworkMode: network.id },
    });
    const { NetworkSettings } = await proxy.inspect();
    const port = Number(NetworkSettings.Ports["9000/tcp"]![0]!.HostPort);
    const subject = await until("the storage proxy's certificate", async () => {
      const socket = await connectInEngineNetwork(engine, { host: "127.0.0.1", port });
      const tls = connect({ socket, rejectUnauthorized: false });
      await once(tls, "secureConnect");
      const { CN } = tls.getPeerCertificate().subject;
      tls.destroy();
      return CN;
    });
    assert.equal(subject, "s3.acme.example");
    await Promise.all([minio, proxy].map((container) => container.remove({ force: true, v: true })));
    containers.length = 0;
  } finally {
    await network.remove();
  }
});

const refusals = [
  { image: "mendersoftware/api-gateway:2.0.0", options: {}, says: "ALLOWED_HOSTS undefined, exiting" },
  {
    image: "mendersoftware/useradm:1.9.0",
    options: { Cmd: ["server"] },
    says: "cannot read /etc/useradm/rsa/private.pem",
  },
  { image: "mendersoftware/deviceauth:2.1.0", options: {}, says: 'nothing to do without "server"' },
  { image: "mendersoftware/deployments:1.8.0", options: { Cmd: ["server"] }, says: "NoCredentialProviders" },
  {
    image: "minio/minio:RELEASE.2018-09-25T21-34-43Z",
    options: { Cmd: ["server"], Env: ["MINIO_ACCESS_KEY=acme", "MINIO_SECRET_KEY=short"] },
    says: "MINIO_SECRET_KEY needs 8 characters or more",
  },
];
for (const { image, options, says } of refusals) {
  test(`${image} refuses to start: ${says}`, async () => {
    const container = await start(image, options);
    const { StatusCode } = await container.wait();
    assert.equal(StatusCode, 1);
    assert.match(await lastLine(container), new RegExp(RegExp.escape(says)));
  });
}

test("device-auth reads a PKCS#1 key only, and ends as soon as it is told to", async () => {
  const key = join(keys.path, "keys/deviceauth/private.key");
  const bind = { Cmd: ["server"], HostConfig: { Binds: [`${key}:/etc/deviceauth/rsa/private.pem:ro`] } };
  const served = await start("mendersoftware/deviceauth:2.1.0", bind);
  await until("device-auth to serve", async () => (await lastLine(served)).includes("serving"));
  await served.stop({ t: 60 });
  assert.equal((await served.inspect()).State.ExitCode, 0);

  const elliptic = join(keys.path, "certs/api-gateway/private.key");
  const other = { Cmd: ["server"], HostConfig: { Binds: [`${elliptic}:/etc/deviceauth/rsa/private.pem:ro`] } };
  const refused = await start("mendersoftware/deviceauth:2.1.0", other);
  assert.equal((await refused.wait()).StatusCode, 1);
  assert.match(await lastLine(refused), /unknown server private key type/);
});
