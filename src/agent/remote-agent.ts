import * as z from "zod";
import { HoldfastError } from "../model/error.ts";
import type { ControlClient } from "../ports/control.ts";
import type { PublishedPlan, PublishedReport } from "../report/published.ts";
import type { PlanQuestion } from "./control.ts";
import type { HostStatus } from "../report/status.ts";

/** Of questions that are answered from memory. */
const answerMs = 15_000;
/** A pass pulls images, waits for health and verifies: it may take this long. */
const passMs = 7_200_000;

/** A plan asks the git server and may fetch a revision of each deployment. */
const planMs = 1_800_000;

/** The agent that runs on this host, asked by a command. Each throws HoldfastError `AGENT_UNREACHABLE`. */
export interface RemoteAgent {
  status(signal: AbortSignal): Promise<HostStatus>;
  /** The last report of one deployment, or of each; none for one whose first pass has not ended. */
  report(deployment: string | undefined, signal: AbortSignal): Promise<readonly PublishedReport[]>;
  /** Asks for a pass now. @returns the names of the deployments whose pass is due */
  sync(deployment: string | undefined, signal: AbortSignal): Promise<readonly string[]>;
  /** Asks for a pass now, and waits until the one that followed has ended. */
  syncAndWait(deployment: string | undefined, signal: AbortSignal): Promise<readonly PublishedReport[]>;
  /** What a pass would do now. */
  plan(asked: PlanQuestion, signal: AbortSignal): Promise<readonly PublishedPlan[]>;
}

/** The agent behind a control socket; what it answers is checked before it is believed. */
export function remoteAgent(client: ControlClient): RemoteAgent {
  return {
    async status(signal) {
      const answer = await client.ask({ method: "GET", path: "/status", timeoutMs: answerMs }, signal);
      const { agent, deployments } = read(statusAnswer, answer);
      return { agent, deployments: deployments as unknown as HostStatus["deployments"] };
    },
    async report(deployment, signal) {
      const path = pathOf("/report", deployment);
      return publishedReports(await client.ask({ method: "GET", path, timeoutMs: answerMs }, signal));
    },
    async sync(deployment, signal) {
      const path = pathOf("/sync", deployment);
      return read(wokenAnswer, await client.ask({ method: "POST", path, timeoutMs: answerMs }, signal)).woken;
    },
    async syncAndWait(deployment, signal) {
      const path = `${pathOf("/sync", deployment)}?wait=1`;
      return publishedReports(await client.ask({ method: "POST", path, timeoutMs: passMs }, signal));
    },
    async plan({ deployment, steps }, signal) {
      const path = `${pathOf("/plan", deployment)}${steps ? "?steps=1" : ""}`;
      const answer = await client.ask({ method: "GET", path, timeoutMs: planMs }, signal).catch((thrown: unknown) => {
        throw isOlderAgent(thrown) ? anotherVersion(thrown) : thrown;
      });
      return read(plansAnswer, answer).plans;
    },
  };
}

function pathOf(path: string, deployment: string | undefined): string {
  return deployment === undefined ? path : `${path}/${encodeURIComponent(deployment)}`;
}

const logLine = z.object({
  level: z.enum(["debug", "info", "notice", "warning", "error"]),
  text: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
const state = z.enum(["converged", "applied", "held", "failed", "pending", "unknown"]);
const statusAnswer = z.object({
  version: z.literal(1),
  agent: z.object({ pid: z.int(), version: z.string(), commit: z.string(), startedAt: z.string() }),
  deployments: z.array(z.looseObject({ deployment: z.string(), state })),
});
const wokenAnswer = z.object({ version: z.literal(1), woken: z.array(z.string()) });
const reportsAnswer = z.object({
  version: z.literal(1),
  reports: z.array(z.looseObject({ deployment: z.string(), state })),
  text: z.array(z.object({ summary: logLine, lines: z.array(logLine) })),
});

const plansAnswer = z.object({
  version: z.literal(1),
  plans: z.array(z.object({
    answer: z.enum(["converged", "differs", "held", "failed"]),
    json: z.looseObject({ deployment: z.string() }),
    lines: z.array(logLine),
  })),
});

/** One that has no such path. */
function isOlderAgent(thrown: unknown): boolean {
  return thrown instanceof HoldfastError && thrown.code === "USAGE" && thrown.message.includes("there is nothing at");
}

function publishedReports(answer: unknown): PublishedReport[] {
  const { reports, text } = read(reportsAnswer, answer);
  return reports.map((json, index) => ({ state: json.state, json, ...text[index]! }));
}

function read<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw anotherVersion(parsed.error);
}

function anotherVersion(cause: unknown): HoldfastError {
  return new HoldfastError("AGENT_UNREACHABLE", "Cannot understand the agent's answer: it is of another version", {
    retry: "operator",
    hint: "restart the agent so that it is the same holdfast as this one: systemctl restart holdfast",
    cause,
  });
}
