import { styleText } from "node:util";

/** What one look at the host found: nothing to complain about, or a complaint in words. */
export type Finding = undefined | string;

/** One promise of the demo and whether it was kept. */
export interface Check {
  readonly act: string;
  readonly promise: string;
  readonly complaint: Finding;
}

/** The demo as a person reads it: acts with headings, the agent's journal beside a bar, and a mark for each check. */
export class Screen {
  readonly checks: Check[] = [];
  private act = "";
  private readonly startedAt = performance.now();

  /** Begins an act; `story` says what is about to happen. */
  begin(title: string, ...story: readonly string[]): void {
    this.act = title;
    const rule = "─".repeat(Math.max(3, 96 - title.length));
    write("", `${styleText("bold", `── ${title}`)} ${styleText("dim", rule)}`, ...story.map((text) => `   ${text}`));
  }

  /** Something that stands now. */
  say(text: string): void {
    write(`   ${styleText("dim", "·")} ${text}`);
  }

  /** Something that the demo itself does to the host or the repository. */
  deed(text: string): void {
    write("", `${styleText("cyan", " ▸")} ${text}`);
  }

  /** A line of the agent's journal. */
  journal(line: string): void {
    write(`   ${styleText("dim", "│")} ${styleText(journalStyle(line), line)}`);
  }

  /** Marks a promise as kept, or broken with what was found. */
  check(promise: string, complaint: Finding): void {
    this.checks.push({ act: this.act, promise, complaint });
    if (complaint === undefined) write(`${styleText("green", " ✔")} ${promise}`);
    else write(`${styleText("red", " ✘")} ${promise}`, `     ${styleText("red", complaint)}`);
  }

  /** @returns whether every promise was kept, of at least one */
  summarize(): boolean {
    const broken = this.checks.filter(({ complaint }) => complaint !== undefined);
    const seconds = Math.round((performance.now() - this.startedAt) / 1000);
    this.begin("Summary");
    for (const act of new Set(this.checks.map((check) => check.act))) {
      const of = this.checks.filter((check) => check.act === act);
      const kept = of.filter(({ complaint }) => complaint === undefined).length;
      const mark = kept === of.length ? styleText("green", "✔") : styleText("red", "✘");
      write(` ${mark} ${act}  ${styleText("dim", `${kept} of ${of.length}`)}`);
    }
    for (const { act, promise, complaint } of broken) write(styleText("red", `   ${act}: ${promise}: ${complaint}`));
    const words = broken.length === 0 ? "everything happened as promised" : `${broken.length} promises were broken`;
    write("", `   ${this.checks.length} checks in ${seconds} s: ${words}`);
    return broken.length === 0 && this.checks.length > 0;
  }
}

function journalStyle(line: string): "dim" | "yellow" | "red" | "green" | "reset" {
  if (/ error: | deny: |failed|cannot|held/i.test(line)) return "red";
  if (/ ! | drifted|warning/.test(line)) return "yellow";
  if (/ (converged at|verified:)/.test(line)) return "green";
  return "reset";
}

function write(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
