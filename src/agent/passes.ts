import type { Report } from "../report/report.ts";
import type { RunningPass } from "../report/status.ts";
import { reportLines } from "../report/text.ts";

/** The passes of one deployment as others see them: the one under way, the last report, and a wait for the next one. */
export class Passes {
  #last: Report | undefined;
  #lastWithNews: Report | undefined;
  #next: Promise<Report>;
  #resolveNext: (report: Report) => void = () => {};
  #current: ((report: Report) => void) | undefined;
  #running: { readonly running: RunningPass } | undefined;
  readonly #onEnd: () => void;

  /** @param onEnd called after every pass */
  constructor(onEnd: () => void = () => {}) {
    this.#onEnd = onEnd;
    this.#next = this.#renew();
  }

  /** The pass under way; undefined between two. */
  get running(): RunningPass | undefined {
    return this.#running?.running;
  }

  /** Of the last pass that ended in this process. */
  get last(): Report | undefined {
    return this.#last;
  }

  /** Of the last pass that the journal told something about: quiet ones that find what was found before do not replace it. */
  get lastWithNews(): Report | undefined {
    return this.#lastWithNews;
  }

  /** The report of the first pass that begins from now on; never rejects. */
  get next(): Promise<Report> {
    return this.#next;
  }

  begin(): void {
    this.#current = this.#resolveNext;
    this.#next = this.#renew();
  }

  /** The pass that was begun, or the one that goes back from its revision, asked for how far it is until the end. */
  follow(pass: { readonly running: RunningPass }): void {
    this.#running = pass;
  }

  end(report: Report): void {
    if (reportLines(report, this.#last).length > 0) this.#lastWithNews = report;
    this.#last = report;
    this.#running = undefined;
    this.#current?.(report);
    this.#onEnd();
  }

  #renew(): Promise<Report> {
    return new Promise((resolve) => this.#resolveNext = resolve);
  }
}
