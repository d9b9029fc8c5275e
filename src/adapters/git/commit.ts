import { HoldfastError } from "../../model/error.ts";
import type { Revision } from "../../model/revision.ts";
import { unsafe } from "./errors.ts";
import type { GitObject } from "./objects.ts";
import { escapeShort } from "../../model/escape.ts";

/** A commit's header may be larger (signatures, many parents): what is read of it stands in front. */
const headerBytes = 256 * 1024;
/** Of a message: its first line is in there, or longer than anybody prints. */
const messageBytes = 4096;
const shownSubject = 200;
const shownPerson = 100;

/**
 * A commit's own bytes as a revision. Only the headers that git itself writes first are looked at (`tree`, `parent`,
 * `author`, `committer`, in that order), so that nothing further down can stand for them.
 *
 * @param tip the commit's id, and the ref it was resolved from
 * @throws HoldfastError `SOURCE_UNSAFE`; `SOURCE_REF` when the object is no commit
 */
export function parseCommit(object: GitObject, tip: { readonly commit: string; readonly ref: string }): Revision {
  if (object.type !== "commit") throw notCommit(object, tip);
  const bytes = Buffer.from(object.bytes.buffer, object.bytes.byteOffset, object.bytes.byteLength);
  const headerEnd = bytes.indexOf("\n\n");
  const headers = bytes.subarray(0, Math.min(headerEnd < 0 ? bytes.length : headerEnd, headerBytes));
  const message = headerEnd < 0 ? Buffer.alloc(0) : withoutBlanks(bytes.subarray(headerEnd + 2));
  const decode = decoder(headers);
  const lines = decode(headers).split("\n");
  let at = 0;
  const tree = /^tree ([0-9a-f]{40})$/.exec(lines[at++] ?? "")?.[1];
  while (/^parent [0-9a-f]{40}$/.test(lines[at] ?? "")) at++;
  const author = parsePerson("author", lines[at++]);
  const committer = parsePerson("committer", lines[at++]);
  if (!tree || !author || !committer) {
    throw unsafe(`commit ${tip.commit}`, "its header is malformed", "make the commit again with git, and push it");
  }
  return {
    commit: tip.commit,
    tree,
    ref: tip.ref,
    subject: escapeShort(decode(message).trimStart().split("\n", 1)[0]!.trimEnd(), shownSubject),
    author: { name: escapeShort(author.name, shownPerson), email: escapeShort(author.email, shownPerson) },
    committedAt: committer.at,
  };
}

/** The beginning of a message, without the spaces and empty lines in front of it. */
function withoutBlanks(message: Buffer): Buffer {
  const start = message.findIndex((byte) => byte > 0x20 || byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
  return message.subarray(Math.max(0, start), Math.max(0, start) + messageBytes);
}

function parsePerson(role: string, line = ""): { name: string; email: string; at: number } | undefined {
  const match = /^(\S+) (?:(.*) )?<([^<>]*)> (\d{1,15}) [+-]\d{4}$/.exec(line);
  if (match?.[1] !== role) return undefined;
  return { name: match[2]?.trim() ?? "", email: match[3]!, at: Number(match[4]) };
}

/** UTF-8 unless the commit names another encoding that this runtime knows. */
function decoder(headers: Buffer): (bytes: Uint8Array) => string {
  const encoding = /^encoding (.{1,40})$/m.exec(headers.toString("latin1"))?.[1];
  try {
    const known = new TextDecoder(encoding ?? "utf-8");
    return (bytes) => known.decode(bytes);
  } catch {
    return (bytes) => new TextDecoder().decode(bytes);
  }
}

function notCommit(object: GitObject, tip: { readonly commit: string; readonly ref: string }): HoldfastError {
  return new HoldfastError("SOURCE_REF", `Cannot use ref "${tip.ref}": ${tip.commit} is a ${object.type}, no commit`, {
    retry: "next-revision",
    hint: "name a branch, a tag of a commit, or a commit",
  });
}
