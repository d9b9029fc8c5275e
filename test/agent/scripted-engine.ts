import type { ContainerState } from "../../src/model/observed.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { fakeEngine } from "../support/fake-engine.ts";

/** What each look at one container finds; the last one stays. */
export type StateScript = readonly (Partial<ContainerState> | (() => Partial<ContainerState>))[];

/** Runs since long before any test clock starts, without a health check. */
export const runningState: ContainerState = {
  status: "running",
  health: "none",
  exitCode: 0,
  oomKilled: false,
  error: "",
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: "0001-01-01T00:00:00Z",
  restartCount: 0,
};

/** An Engine whose containers, by id, go through states as scripted. */
export function scriptedEngine(scripts: Readonly<Record<string, StateScript>>) {
  const counts = new Map<string, number>();
  const looks = (id: string): number => counts.get(id) ?? 0;
  const engine: Engine = {
    ...fakeEngine(),
    inspectState: (id) => {
      const script = scripts[id]!;
      const state = script[Math.min(looks(id), script.length - 1)]!;
      counts.set(id, looks(id) + 1);
      return Promise.resolve({ ...runningState, ...typeof state === "function" ? state() : state });
    },
  };
  return { engine, looks };
}
