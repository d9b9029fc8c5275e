import { nearestWord } from "../model/nearest.ts";
import type { PolicyWaiver, Verdict } from "./policy.ts";

/** How long before its end a waiver is pointed out. */
const noticeMs = 14 * 86_400_000;

/** The waivers of a manifest, and which of them were needed. */
export class Waivers {
  readonly #waivers: readonly PolicyWaiver[];
  readonly #today: string;
  readonly #soon: string;
  readonly #needed = new Set<PolicyWaiver>();

  constructor(waivers: readonly PolicyWaiver[], now: Date) {
    this.#waivers = waivers;
    this.#today = day(now);
    this.#soon = day(new Date(now.getTime() + noticeMs));
  }

  /** The waiver that covers a finding today; an expired one is remembered as needed, and covers nothing. */
  take(policy: string, service: string | undefined): PolicyWaiver | undefined {
    const matching = this.#waivers.filter((waiver) =>
      waiver.policy === policy && (waiver.service === undefined || waiver.service === service)
    );
    for (const waiver of matching) this.#needed.add(waiver);
    return matching.find((waiver) => waiver.until >= this.#today);
  }

  /** What is to be said of the waivers themselves: ended, about to end, or of no use. */
  verdicts(known: readonly string[]): Verdict[] {
    return this.#waivers.flatMap((waiver): Verdict[] => {
      const subject = `The waiver of ${waiver.policy}${waiver.service === undefined ? "" : ` for "${waiver.service}"`}`;
      if (!this.#needed.has(waiver)) {
        const nearest = known.includes(waiver.policy) ? undefined : nearestWord(waiver.policy, known);
        const message = known.includes(waiver.policy)
          ? `${subject} matches nothing`
          : `${subject} names a policy that is in none of the packs`;
        return [aboutWaiver(waiver, "warn", message, nearest ? `did you mean "${nearest}"?` : "remove it")];
      }
      if (waiver.until < this.#today) {
        return [
          aboutWaiver(waiver, "warn", `${subject} ended with ${waiver.until}`, "repair what it covers, or renew it"),
        ];
      }
      if (waiver.until < this.#soon) {
        return [
          aboutWaiver(waiver, "info", `${subject} ends with ${waiver.until}`, "repair what it covers until then"),
        ];
      }
      return [];
    });
  }
}

function aboutWaiver(waiver: PolicyWaiver, severity: "warn" | "info", message: string, hint: string): Verdict {
  return {
    policy: "waiver",
    pack: "holdfast",
    title: "Waivers are needed and in force",
    severity,
    outcome: severity === "warn" ? "warned" : "noted",
    resource: waiver.service === undefined ? "project" : `service/${waiver.service}`,
    message,
    hint,
    ...(waiver.position ? { position: waiver.position } : {}),
    reason: "a waiver that nobody needs hides the next finding",
  };
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}
