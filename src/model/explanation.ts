import type { Json } from "./compose.ts";
import type { Position } from "./position.ts";

/** Where a value of the Compose model comes from. */
export interface Explanation {
  /** In Compose's keys: `services.web.ports[0]`. */
  readonly path: string;
  /** As `config` prints it; a value that comes from a key is its reference. */
  readonly value: Json;
  /** The place that holds first, then what it joined or replaced, back to the first file. */
  readonly steps: readonly ExplainStep[];
}

/** One place that had a part in a value. */
export interface ExplainStep {
  readonly position: Position;
  /** `set`: what holds; `merged`: joined into it; `replaced`: overridden by the step before. */
  readonly how: "set" | "merged" | "replaced";
  /** What was interpolated there or, in a mapping or list that holds, in what it contains; in order of name. */
  readonly variables: readonly ExplainedVariable[];
}

export interface ExplainedVariable {
  readonly name: string;
  /** `given`: by the command line or Compose itself; `unset`: its default or an empty text is taken. */
  readonly from: "file" | "given" | "unset";
  /** The line that sets it. */
  readonly position?: Position;
}
