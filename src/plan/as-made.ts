import { type DigestKey, keyedDigest } from "../model/digest.ts";
import type { Finding } from "./finding.ts";

/**
 * What an Engine made of one container or network that holdfast created: key of each field that is not what git says →
 * keyed digest of what it has instead. Drift is what moved since then. A field that is still as the Engine made it is
 * none: another try would end the same.
 */
export type AsMade = Readonly<Record<string, string>>;

/** What is to be remembered of a fresh resource: everything that differs right after it was made. */
export function asMadeOf(findings: readonly Finding[], key: DigestKey): AsMade {
  const texts = textsByKey(findings);
  return Object.fromEntries(
    [...texts].sort(([a], [b]) => a < b ? -1 : 1).map(([name, text]) => [name, digestOf(text, key)]),
  );
}

/** Findings without the fields that are as the Engine made them. */
export function movedSince(made: AsMade | undefined, findings: readonly Finding[], key: DigestKey): Finding[] {
  if (!made) return [...findings];
  const texts = textsByKey(findings);
  return findings.filter((finding) => made[finding.key] !== digestOf(texts.get(finding.key)!, key));
}

/** One key may have several fields (a health check's test and times): they are remembered together. */
function textsByKey(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { key, difference } of findings) texts.set(key, `${texts.get(key) ?? ""}${difference.have}\n`);
  return texts;
}

function digestOf(text: string, key: DigestKey): string {
  return keyedDigest(key, text).slice(0, 16);
}
