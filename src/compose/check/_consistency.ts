import type { ComposeIssueCode } from "../codes.ts";
import type { Collector } from "../tree/collector.ts";
import { entry, keyPlaceOf, type MapNode, type Node } from "../tree/node.ts";
import type { ProfiledServices } from "./profiles.ts";

/** What the checks look at. */
export interface ConsistencyContext {
  /** The project in canonical form. */
  readonly root: Node;
  /** The same before its types were checked: what has an issue is still in it. */
  readonly written: Node;
  readonly services: ProfiledServices;
  readonly collector: Collector;
}

/** One service. */
export interface ServiceAt extends ConsistencyContext {
  readonly key: string;
  readonly service: MapNode;
  readonly path: string;
}

/** A service as it was written: values with an issue, which the canonical form lacks, are in it. */
export function writtenService({ written }: ConsistencyContext, key: string): Node | undefined {
  return entry(entry(written, "services"), key);
}

/** Adds an error at the key of a value, or where it stands itself. */
export function report(
  at: ConsistencyContext,
  code: ComposeIssueCode,
  node: Node,
  issue: { readonly path: string; readonly message: string; readonly hint: string },
): void {
  at.collector.error(code, issue.message, { place: keyPlaceOf(node), path: issue.path, hint: issue.hint });
}
