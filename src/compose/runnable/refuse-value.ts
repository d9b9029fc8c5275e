import { holdsUnopenedKey } from "../../model/secrets.ts";
import type { DesiredContext } from "../desired.ts";
import { didYouMean } from "../suggest.ts";

/** A value that the Engine would refuse. */
export interface Refusal {
  /** In the model. */
  readonly path: string;
  readonly found: string;
  /** What it is not, or what is wrong with it: "no IP address". */
  readonly problem: string;
  readonly hint: string;
  /** The values of a fixed set, of which a misspelled one is suggested. */
  readonly known?: readonly string[];
}

/** Reports a value; one that a key which is not open decides is left to the agent, which opens it. */
export function refuseValue({ issues, project }: DesiredContext, refusal: Refusal): void {
  const { path, found, problem, hint, known = [] } = refusal;
  if (holdsUnopenedKey(found)) return;
  const meant = project.secretPaths.has(path) ? undefined : didYouMean(found, known);
  issues.error("COMPOSE_VALUE", path, {
    message: `${path} is ${issues.show(path, found)}, ${problem}`,
    hint: meant ?? hint,
  });
}
