import { type IncomingMessage, request } from "node:http";
import * as z from "zod";
import { type ErrorCode, HoldfastError } from "../../model/error.ts";
import type { ControlClient, ControlRequest } from "../../ports/control.ts";

/** Reports of a whole host stay far below this. */
const maxAnswerBytes = 64 << 20;

/**
 * Asks the agent on this host.
 *
 * @param socket its control socket: absolute
 */
export function controlClient(socket: string): ControlClient {
  return {
    async ask(asked, signal) {
      const { status, body } = await send(socket, asked, signal);
      const answer = parseJson(body, socket);
      if (status < 300) return answer;
      throw agentError(answer, status, socket);
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function send(
  socket: string,
  { method, path, timeoutMs }: ControlRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    return await new Promise((resolve, reject) => {
      const options = { socketPath: socket, method, path, agent: false, signal: AbortSignal.any([signal, late]) };
      const call = request(options, (answer) => readBody(answer).then(resolve, reject));
      call.once("error", reject).end();
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (late.aborted) throw unreachable(socket, `no answer within ${timeoutMs / 1000} s`, cause);
    throw unreachable(socket, reason(cause), cause);
  }
}

async function readBody(answer: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error(`its answer has more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 500, body: Buffer.concat(chunks).toString() };
}

function parseJson(body: string, socket: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreachable(socket, "its answer is not JSON", cause);
  }
}

const errorAnswer = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    retry: z.enum(["backoff", "next-revision", "operator"]),
  }),
});

/** What the agent said, as if it had happened here. */
function agentError(answer: unknown, status: number, socket: string): HoldfastError {
  const { success, data } = errorAnswer.safeParse(answer);
  if (!success) return unreachable(socket, `it answered with status ${status}`, undefined);
  const { code, message, hint, retry } = data.error;
  return new HoldfastError(code as ErrorCode, message, { retry, hint });
}

function unreachable(socket: string, found: string, cause: unknown): HoldfastError {
  const isDenied = (cause as NodeJS.ErrnoException | undefined)?.code === "EACCES";
  return new HoldfastError("AGENT_UNREACHABLE", `Cannot reach the agent at "${socket}": ${found}`, {
    retry: "operator",
    hint: isDenied
      ? "run the command as the user that the agent runs as: sudo holdfast …"
      : 'see whether it runs (systemctl status holdfast), and with this configuration\'s "runtime"',
    cause,
  });
}

function reason(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "there is no such socket";
    case "ECONNREFUSED":
      return "nobody listens";
    case "EACCES":
      return "permission denied";
    case "ECONNRESET":
      return "it ended before it answered";
    default:
      return message;
  }
}
