import { HoldfastError } from "../../model/error.ts";
import { missingCommit, protocolError } from "./errors.ts";
import type { HttpAnswer, HttpRequest } from "./http-client.ts";
import { unreachable } from "./network-errors.ts";
import { PacketError, PacketReader } from "./pkt-line.ts";
import { quoteShort } from "./text.ts";
import { ServerRefusal } from "./upload-pack.ts";

/** What git's smart HTTP protocol calls fetching. */
export const service = "git-upload-pack";

export interface Expected {
  readonly kind: "advertisement" | "result";
  readonly request: HttpRequest;
  readonly shown: string;
  readonly maxBytes: number;
}

/** @throws HoldfastError for every answer that is not git's; its body is then read, so that the connection stays usable */
export async function expectType(answer: HttpAnswer, expected: Expected): Promise<PacketReader> {
  const type = String(answer.headers["content-type"] ?? "").split(";", 1)[0]!.trim();
  if (answer.status === 200 && type === `application/x-${service}-${expected.kind}`) {
    return new PacketReader(answer.body, expected.maxBytes);
  }
  await answer.drain();
  throw refusedAnswer(answer, expected, type);
}

function refusedAnswer({ status, headers }: HttpAnswer, { request, shown }: Expected, type: string): HoldfastError {
  if (status === 200) {
    return protocolError(
      shown,
      `it answers with ${type ? quoteShort(type) : "no content type"}, needed git's smart protocol`,
    );
  }
  const retryAfterMs = retryAfter(headers["retry-after"], Date.now());
  const pause = retryAfterMs === undefined ? "" : `, asking to be left alone for ${Math.ceil(retryAfterMs / 1000)} s`;
  const found = `the server answers ${status}${pause}`;
  if (status === 401 || status === 403) {
    const sent = request.headers.authorization !== undefined;
    return new HoldfastError(
      "SOURCE_DENIED",
      `Cannot read ${shown}: ${found} to a request ${sent ? "with the token" : "without credentials"}`,
      {
        retry: "operator",
        retryAfterMs,
        hint: sent
          ? "check that the token in `credentials.tokenFile` is still valid and may read the repository"
          : "put a token that may read the repository into `credentials.tokenFile`; it is sent to the host of `repository` only",
      },
    );
  }
  if (status === 404 || status === 410) {
    return new HoldfastError("SOURCE_NOT_FOUND", `Cannot find ${shown}: ${found}`, {
      retry: "operator",
      hint: "check `repository`; some servers answer so where a token is needed (`credentials.tokenFile`)",
    });
  }
  if (status >= 500 || status === 429 || status === 408) {
    return unreachable(shown, found, { hint: "it is tried again; look at the log of the git server", retryAfterMs });
  }
  const redirect = status >= 300 && status < 400;
  return protocolError(
    shown,
    redirect ? `it redirects a question (${status}), which only the first request may follow` : found,
  );
}

/** No server may silence an agent for longer. */
const longestRetryAfterMs = 3_600_000;

/** What `Retry-After` says, in seconds or as a date; undefined where it says nothing. */
export function retryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestRetryAfterMs) : undefined;
}

/** Reads an answer to its end, within a size, so that the connection can be used again. */
export async function readWhole<T>(
  reader: PacketReader,
  read: (reader: PacketReader) => Promise<T>,
  shown: string,
): Promise<T> {
  try {
    const value = await read(reader);
    await readToEnd(reader);
    return value;
  } catch (error) {
    throw explain(error, shown);
  } finally {
    await reader.close();
  }
}

/** Reads the flush packets that end an answer. @throws PacketError when data follows */
export async function readToEnd(reader: PacketReader): Promise<void> {
  for (let packet = await reader.next(); packet.kind !== "end"; packet = await reader.next()) {
    if (packet.kind === "data") throw new PacketError("it goes on after its end");
  }
}

/**
 * What a reader threw, in the words of people.
 *
 * @param commit what was asked for, when it was a fetch
 */
export function explain(error: unknown, shown: string, commit?: string): unknown {
  if (error instanceof PacketError) return protocolError(shown, `the answer is not git's: ${error.message}`);
  if (!(error instanceof ServerRefusal)) return error;
  if (commit && /not our ref|unadvertised|not a valid|no such remote ref|unknown (object|want)/i.test(error.message)) {
    return missingCommit(commit, shown, error.message);
  }
  return protocolError(shown, error.message, "look at the log of the git server");
}
