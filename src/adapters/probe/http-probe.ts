import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { TLSSocket } from "node:tls";
import type { HttpAnswer } from "../../ports/probe.ts";

/**
 * Asks a URL of this host itself: connected to 127.0.0.1, the URL's name goes into SNI and Host. Any HTTP answer is one.
 * The certificate is taken as it is: who asks compares it with what it should be.
 */
export function askUrl(url: string, timeoutMs: number, signal: AbortSignal): Promise<HttpAnswer> {
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  const isTls = protocol === "https:";
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const request = (isTls ? requestHttps : requestHttp)({
      host: "127.0.0.1",
      port: port === "" ? (isTls ? 443 : 80) : Number(port),
      path: `${pathname}${search}`,
      headers: { host, "user-agent": "holdfast" },
      agent: false,
      signal: limit,
      ...(isTls ? { servername: hostname, rejectUnauthorized: false } : {}),
    });
    let certificate: HttpAnswer["certificate"];
    request.on("socket", (socket) => socket.once("secureConnect", () => certificate = shown(socket as TLSSocket)));
    request.on("response", (response) => {
      response.on("error", () => undefined); // the head is the answer; the rest is not waited for
      response.destroy();
      resolve({ status: response.statusCode, certificate });
    });
    request.on("upgrade", ({ statusCode }, socket) => { // 101 is an answer as well
      socket.destroy();
      resolve({ status: statusCode, certificate });
    });
    request.on("close", () => resolve({ certificate, failure: "closed before an answer" })); // if nothing was said before
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(signal.reason);
      resolve({ certificate, failure: limit.aborted ? "no answer in time" : error.code ?? error.message });
    });
    request.end();
  });
}

function shown(socket: TLSSocket): HttpAnswer["certificate"] {
  const { fingerprint256, subject } = socket.getPeerCertificate();
  if (!fingerprint256) return undefined;
  const name = Array.isArray(subject.CN) ? subject.CN.join(", ") : subject.CN;
  return { fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(), name: name ?? "" };
}
