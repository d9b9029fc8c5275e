import { compareText } from "../model/issue.ts";
import { comparePositions } from "../model/position.ts";
import type { Verdict } from "../policy/policy.ts";
import { caretLines } from "./issues-text.ts";
import { hintLines, line, type LogLine } from "./line.ts";

/** How loud each outcome is. */
export const verdictLevels: Readonly<Record<Verdict["outcome"], LogLine["level"]>> = {
  denied: "error",
  warned: "warning",
  noted: "info",
  waived: "notice",
};

/** Every verdict with its place, the line it points to, what to do and why the policy exists. */
export function renderVerdicts(verdicts: readonly Verdict[], sources: ReadonlyMap<string, string>): LogLine[] {
  return sortVerdicts(verdicts).flatMap((verdict) => {
    const { policy, pack, title, outcome, resource, message, hint, position, reason } = verdict;
    const place = position ? `${position.file}:${position.line}:${position.column}: ` : "";
    const fields = { event: "verdict", policy, pack, outcome, resource, file: position?.file, line: position?.line };
    const first = line(
      verdictLevels[outcome],
      `${place}${outcome}: ${resource}: ${message} (${policy}, ${pack})`,
      fields,
    );
    return [
      first,
      ...caretLines(position, sources),
      ...(outcome === "waived" ? [] : hintLines(first, hint)),
      line("info", `  ${policy}: ${title}; ${reason}`, { ...fields, event: "reason" }),
    ];
  });
}

/** `1 denied, 2 warned`; undefined when no policy has anything to say. */
export function verdictSummary(verdicts: readonly Verdict[]): string | undefined {
  const words = (["denied", "warned", "noted", "waived"] as const).flatMap((outcome) => {
    const count = verdicts.filter((verdict) => verdict.outcome === outcome).length;
    return count > 0 ? [`${count} ${outcome}`] : [];
  });
  return words.length > 0 ? words.join(", ") : undefined;
}

/** By position, then policy, then resource. */
export function sortVerdicts(verdicts: readonly Verdict[]): Verdict[] {
  return [...verdicts].sort((a, b) =>
    comparePositions(a.position, b.position) || compareText(a.policy, b.policy) || compareText(a.resource, b.resource)
  );
}
