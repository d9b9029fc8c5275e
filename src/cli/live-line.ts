import type { Progress } from "../ports/progress.ts";
import type { TextSink } from "./io.ts";

const clearLine = "\r\u001b[K";

/**
 * A last line that is drawn over again while work is under way, below what is written. Only for a terminal; a stream
 * that is none gets the text alone.
 */
export class LiveLine implements Progress, TextSink {
  readonly isTTY: boolean;
  readonly #sink: TextSink;
  #line = "";

  constructor(sink: TextSink) {
    this.#sink = sink;
    this.isTTY = sink.isTTY === true;
  }

  get columns(): number | undefined {
    return this.#sink.columns;
  }

  show(under: readonly string[]): void {
    if (!this.isTTY) return;
    const line = fit(under.length === 0 ? "" : `… ${under.join(" · ")}`, this.columns || 80);
    if (line === this.#line) return;
    this.#line = line;
    this.#sink.write(`${clearLine}${line}`);
  }

  /** Whole lines: they go above the live one. */
  write(text: string): void {
    this.#sink.write(this.#line === "" ? text : `${clearLine}${text}${this.#line}`);
  }
}

/** What is longer than the terminal is wide would wrap, and could not be cleared. */
function fit(text: string, columns: number): string {
  const printable = [...text].filter((character) => character >= " ");
  return printable.length < columns ? printable.join("") : `${printable.slice(0, Math.max(0, columns - 2)).join("")}…`;
}
