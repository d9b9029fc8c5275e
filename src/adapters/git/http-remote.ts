import { protocolError } from "./errors.ts";
import { expectType, explain, readToEnd, readWhole, service } from "./http-answers.ts";
import { type HttpClient, httpClient, type HttpRequest } from "./http-client.ts";
import type { GitTimeouts } from "./limits.ts";
import type { PacketReader } from "./pkt-line.ts";
import type { GitRemote } from "./remote.ts";
import { quoteShort } from "./text.ts";
import {
  type Advertisement,
  fetchRequest,
  lsRefsRequest,
  readAdvertisement,
  readFetchedPack,
  readLsRefs,
  whatServerLacks,
} from "./upload-pack.ts";

const maxRedirects = 3;
const maxListingBytes = 64 * 1024 * 1024;

export interface HttpCredentials {
  /** Sent as the password of basic authentication; read anew for every request, so that it can be rotated. */
  readonly token?: () => Promise<string>;
  /** Default "git"; most servers take any. */
  readonly username?: string;
  /** PEM of the only authorities to trust; read when a connection is set up anew. */
  readonly ca?: () => Promise<string>;
}

export interface HttpRemoteOptions {
  readonly url: URL;
  readonly shown: string;
  readonly timeouts: GitTimeouts;
  readonly maxPackBytes: number;
  readonly credentials?: HttpCredentials;
}

/** What the first request taught: where the repository is after redirects, and what its server speaks. */
interface Session {
  readonly client: HttpClient;
  /** Without a slash at its end. */
  readonly base: string;
  readonly server: Advertisement;
}

/**
 * A repository behind git's smart HTTP protocol: v2, else v0. The discovery is made once; after that a listing is one
 * request on the kept connection (v0 lists by discovering again). Any failure forgets what was learned.
 */
export function httpRemote(options: HttpRemoteOptions): GitRemote {
  const { shown } = options;
  let session: Session | undefined;

  const forget = () => {
    session?.client.close();
    session = undefined;
  };

  async function connect(prefixes: readonly string[], signal: AbortSignal): Promise<Session> {
    const client = session?.client ??
      httpClient({ shown, timeouts: options.timeouts, ca: await options.credentials?.ca?.() });
    try {
      return session = { client, ...await discover(client, { options, prefixes }, signal) };
    } catch (error) {
      client.close();
      throw error;
    }
  }

  return {
    shown,

    async listRefs(prefixes, signal) {
      try {
        const known = session?.server.kind === "v2" ? session : await connect(prefixes, signal);
        if (known.server.kind === "v0") return known.server.refs;
        const read = (reader: PacketReader) => readLsRefs(reader, prefixes);
        return await ask(known, { options, body: lsRefsRequest(known.server, prefixes), read }, signal);
      } catch (error) {
        forget();
        throw error;
      }
    },

    async *fetchPack(commit, signal) {
      try {
        const known = session ?? await connect(["HEAD"], signal);
        const body = fetchRequest(known.server, commit);
        // The size of a pack is limited exactly where it is written.
        const maxBytes = 2 * options.maxPackBytes + maxListingBytes;
        const reader = await post(known, { options, body, maxBytes }, signal);
        try {
          yield* readFetchedPack(reader, known.server);
          await readToEnd(reader);
        } finally {
          await reader.close();
        }
      } catch (error) {
        forget();
        throw explain(error, shown, commit);
      }
    },
  };
}

/** The first request: follows redirects, and learns what the server speaks. */
async function discover(
  client: HttpClient,
  { options, prefixes }: { readonly options: HttpRemoteOptions; readonly prefixes: readonly string[] },
  signal: AbortSignal,
): Promise<{ base: string; server: Advertisement }> {
  const { shown } = options;
  let url = new URL(`${options.url.href.replace(/\/+$/, "")}/info/refs?service=${service}`);
  for (let hop = 0;; hop++) {
    const request = await withHeaders({ method: "GET", url, headers: {} }, options);
    const answer = await client.send(request, signal);
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status > 399 || !location) {
      const reader = await expectType(answer, { kind: "advertisement", request, shown, maxBytes: maxListingBytes });
      const server = await readWhole(reader, (from) => readAdvertisement(from, prefixes), shown);
      const lacks = whatServerLacks(server);
      if (lacks) throw protocolError(shown, lacks);
      return { base: url.href.slice(0, url.href.indexOf("/info/refs?")), server };
    }
    await answer.drain();
    if (hop === maxRedirects) throw protocolError(shown, `it redirects more than ${maxRedirects} times`);
    url = redirectedUrl(url, location, shown);
  }
}

function redirectedUrl(from: URL, location: string, shown: string): URL {
  const url = URL.parse(location, from.href);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw protocolError(shown, `it redirects to ${quoteShort(location.split("@").at(-1)!)}`);
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  const to = quoteShort(`${url.origin}${url.pathname}`);
  if (from.protocol === "https:" && url.protocol === "http:") {
    throw protocolError(
      shown,
      `it redirects from https to ${to}, which is not encrypted`,
      "give the https address in `repository`",
    );
  }
  if (!url.pathname.endsWith("/info/refs") || url.searchParams.get("service") !== service) {
    throw protocolError(
      shown,
      `it redirects to ${to}, which is no repository`,
      "give the repository's own address in `repository`",
    );
  }
  return url;
}

/** One question whose whole answer is small. */
async function ask<T>(
  session: Session,
  question: { options: HttpRemoteOptions; body: string; read: (reader: PacketReader) => Promise<T> },
  signal: AbortSignal,
): Promise<T> {
  const reader = await post(session, { ...question, maxBytes: maxListingBytes }, signal);
  return await readWhole(reader, question.read, question.options.shown);
}

async function post(
  session: Session,
  question: { options: HttpRemoteOptions; body: string; maxBytes: number },
  signal: AbortSignal,
): Promise<PacketReader> {
  const { options, body, maxBytes } = question;
  const url = new URL(`${session.base}/${service}`);
  const headers = { "content-type": `application/x-${service}-request`, accept: `application/x-${service}-result` };
  const request = await withHeaders({ method: "POST", url, headers, body }, options);
  const answer = await session.client.send(request, signal);
  return await expectType(answer, { kind: "result", request, shown: options.shown, maxBytes });
}

/** Credentials go to the origin they were given for, to no other. */
async function withHeaders(request: HttpRequest, options: HttpRemoteOptions): Promise<HttpRequest> {
  const token = request.url.origin === options.url.origin ? await options.credentials?.token?.() : undefined;
  const user = options.credentials?.username ?? "git";
  const basic: Record<string, string> = token === undefined
    ? {}
    : { authorization: `Basic ${Buffer.from(`${user}:${token.trim()}`).toString("base64")}` };
  const headers = { "user-agent": "git/2 (holdfast)", "git-protocol": "version=2", ...request.headers, ...basic };
  return { ...request, headers };
}
