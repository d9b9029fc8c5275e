import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { after, test } from "node:test";
import { askUrl } from "../../../src/adapters/probe/http-probe.ts";
import { createAuthority } from "../../support/certificates.ts";

const calm = new AbortController().signal;
const authority = await createAuthority();
const servers: (Server | TcpServer)[] = [];
after(async () => {
  for (const server of servers) server.close();
  await authority.dispose();
});

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("askUrl() asks this host by the URL's name and tells the certificate that was shown", async () => {
  const { key, cert } = await authority.certify(["gate.example.com"]);
  const hosts: (string | undefined)[] = [];
  const port = await listening(createHttpsServer({ key, cert }, (request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(204).end();
  }));
  const answer = await askUrl(`https://gate.example.com:${port}/health`, 5000, calm);
  assert.equal(answer.status, 204);
  assert.deepEqual(answer.certificate, {
    fingerprint: new X509Certificate(cert).fingerprint256.replaceAll(":", "").toLowerCase(),
    name: "gate.example.com",
  });
  assert.deepEqual(hosts, [`gate.example.com:${port}`]);
});

test("askUrl() takes any status for an answer, and an expired certificate as it is", async () => {
  const { key, cert } = await authority.certify(["old.example.com"], -1);
  const port = await listening(createHttpsServer({ key, cert }, (_, response) => response.writeHead(503).end()));
  const answer = await askUrl(`https://old.example.com:${port}/`, 5000, calm);
  assert.deepEqual([answer.status, answer.certificate?.name], [503, "old.example.com"]);
});

test("askUrl() says why there was no answer", async () => {
  const closing = await listening(createTcpServer((socket) => socket.destroy()));
  const silent = await listening(createTcpServer(() => {}));
  const free = await listening(createHttpServer());
  await new Promise((resolve) => servers.at(-1)!.close(resolve));
  assert.equal((await askUrl(`http://a.example.com:${free}/`, 5000, calm)).failure, "ECONNREFUSED");
  assert.equal((await askUrl(`http://a.example.com:${silent}/`, 50, calm)).failure, "no answer in time");
  const { status, failure } = await askUrl(`http://a.example.com:${closing}/`, 5000, calm);
  assert.equal(status, undefined);
  assert.equal(typeof failure, "string");
});

test("askUrl() ends with its signal", async () => {
  const port = await listening(createTcpServer(() => {}));
  const stop = new AbortController();
  const asked = askUrl(`http://a.example.com:${port}/`, 5000, stop.signal);
  stop.abort(new Error("SIGTERM received"));
  await assert.rejects(asked, /SIGTERM received/);
});
