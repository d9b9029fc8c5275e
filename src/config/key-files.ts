import { globPattern } from "../model/glob.ts";
import type { KeyFileRule } from "./manifest.ts";

/** What the manifest's `keys.files` says of one opened file; a later rule wins over an earlier one, key by key. */
export function keyFileRule(rules: readonly KeyFileRule[], path: string): Omit<KeyFileRule, "match"> {
  const { match: _, ...owner } = Object.assign({}, ...rules.filter((rule) => globPattern(rule.match).test(path)));
  return owner;
}
