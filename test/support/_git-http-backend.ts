import type { IncomingMessage } from "node:http";
import { runCommand } from "./command.ts";
import { gitEnvironment } from "./repository.ts";

export interface BackendAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Passes one request to `git http-backend`, which speaks CGI. */
export async function gitHttpBackend(
  { root, request, body, user }: { root: string; request: IncomingMessage; body: Buffer; user?: string },
): Promise<BackendAnswer> {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const header = (name: string): string => String(request.headers[name] ?? "");
  const { stdout: answer, stderr } = await runCommand("git", ["http-backend"], {
    input: body,
    env: {
      ...gitEnvironment(root),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: header("git-protocol"),
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: header("content-type"),
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      REMOTE_ADDR: "127.0.0.1",
      ...(user === undefined ? {} : { REMOTE_USER: user }),
    },
  });
  // A refusal is an answer too, although git then ends with another code than 0.
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) throw new Error(`git http-backend gave no answer: ${stderr.trim()}`);
  const lines = answer.subarray(0, end).toString().split("\r\n");
  const { Status = "200", ...headers } = Object.fromEntries(lines.map((line) => line.split(": ") as [string, string]));
  return { status: Number.parseInt(Status), headers, body: answer.subarray(end + 4) };
}
