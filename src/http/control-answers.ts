import type { ControlledAgent } from "../agent/control.ts";
import { HoldfastError } from "../model/error.ts";
import { errorJson, jsonText, renderStatusJson, renderWokenJson } from "../report/json.ts";
import type { PublishedReport } from "../report/published.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The methods that the path takes, with status 405. */
  readonly allow?: string;
}

interface Question {
  readonly deployment: string | undefined;
  readonly query: URLSearchParams;
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly answer: (agent: ControlledAgent, question: Question) => Promise<Answer> | Answer;
}

const routes: Readonly<Record<string, Route>> = {
  status: {
    method: "GET",
    answer: async (agent) => {
      const { agent: running, deployments } = await agent.status();
      return { status: 200, body: renderStatusJson(deployments, running) };
    },
  },
  report: {
    method: "GET",
    answer: (agent, { deployment }) => ({ status: 200, body: reportsText(agent.reports(deployment)) }),
  },
  plan: {
    method: "GET",
    answer: async (agent, { deployment, query, signal }) => {
      const plans = await agent.plan({ deployment, steps: query.get("steps") === "1" }, signal);
      return { status: 200, body: jsonText({ plans }) };
    },
  },
  sync: {
    method: "POST",
    answer: async (agent, { deployment, query }) => {
      const { deployments, reports } = agent.sync(deployment);
      if (query.get("wait") === "1") return { status: 200, body: reportsText(await reports) };
      return { status: 202, body: renderWokenJson(deployments) };
    },
  },
};

/**
 * Answers one request of the control socket.
 *
 * @param url path and query
 * @throws HoldfastError what the agent throws
 */
export async function controlAnswer(
  agent: ControlledAgent,
  { method, url, signal }: { readonly method: string; readonly url: string; readonly signal: AbortSignal },
): Promise<Answer> {
  const [path = "", query = ""] = url.split("?");
  const [, name = "", deployment, ...more] = path.split("/");
  const route = more.length === 0 && Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!route) return errorAnswer(404, usage(`there is nothing at "${path}"`));
  if (route.method !== method) {
    return { ...errorAnswer(405, usage(`"${path}" takes ${route.method} only`)), allow: route.method };
  }
  return await route.answer(agent, { deployment, query: new URLSearchParams(query), signal });
}

/** An error as every command prints it with `--format json`. */
export function errorAnswer(status: number, error: HoldfastError): Answer {
  return { status, body: jsonText({ error: errorJson(error) }) };
}

/** The published JSON, and beside it the lines that people read. */
function reportsText(reports: readonly PublishedReport[]): string {
  return jsonText({
    reports: reports.map(({ json }) => json),
    text: reports.map(({ summary, lines }) => ({ summary, lines })),
  });
}

function usage(found: string): HoldfastError {
  return new HoldfastError("USAGE", `Cannot answer: ${found}`, {
    retry: "operator",
    hint:
      "the socket answers GET /status, GET /report[/DEPLOYMENT], GET /plan[/DEPLOYMENT][?steps=1] and POST /sync[/DEPLOYMENT][?wait=1]",
  });
}
