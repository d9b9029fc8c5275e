import type { ComposeModel, ComposeService } from "../../src/model/compose.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import type { Position } from "../../src/model/position.ts";

export interface DesiredParts {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: ComposeModel["networks"];
  readonly volumes?: ComposeModel["volumes"];
  readonly secrets?: ComposeModel["secrets"];
  /** Lines by path; every other path has its parent's. */
  readonly lines?: Readonly<Record<string, number>>;
  readonly secretPaths?: readonly string[];
}

/** A desired state of canonical Compose services, for policies: no planner's half. */
export function desiredState({ lines = {}, secretPaths = [], ...model }: DesiredParts): DesiredState {
  return {
    project: "demo",
    model: { name: "demo", ...model },
    services: new Map(),
    networks: new Map(),
    volumes: new Map(),
    positionOf: (path) => place(lines, path),
    secretPaths: new Set(secretPaths),
    folders: {
      checkout: "/srv/demo",
      project: "/srv/demo",
      keys: "/srv/demo/production/keys-generated",
      secrets: "/run/holdfast/demo/secrets",
    },
    secretFiles: [],
  };
}

function place(lines: Readonly<Record<string, number>>, path: string): Position | undefined {
  for (let rest = path; rest !== "";) {
    const line = lines[rest];
    if (line !== undefined) return { file: "compose.yaml", line, column: 1 };
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf("."), rest.lastIndexOf("[")));
  }
  return undefined;
}
