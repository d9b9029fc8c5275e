import type { Report } from "../report/report.ts";
import { reportLines } from "../report/text.ts";

/** The passes of one deployment as others see them: the last report, and a wait for the next one. */
export class Passes {
  #last: Report | undefined;
  #lastWithNews: Report | undefined;
  #next: Promise<Report>;
  #resolveNext: (report: Report) => void = () => {};
  #current: ((report: Report) => void) | undefined;
  readonly #onEnd: () => void;

  /** @param onEnd called after every pass */
  constructor(onEnd: () => void = () => {}) {
    this.#onEnd = onEnd;
    this.#next = this.#renew();
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

  end(report: Report): void {
    if (reportLines(report, this.#last).length > 0) this.#lastWithNews = report;
    this.#last = report;
    this.#current?.(report);
    this.#onEnd();
  }

  #renew(): Promise<Report> {
    return new Promise((resolve) => this.#resolveNext = resolve);
  }
}
