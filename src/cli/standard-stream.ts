import { Buffer } from "node:buffer";
import { fstatSync, writeSync } from "node:fs";
import type { TextSink } from "./io.ts";

/** `process.stdout` or `process.stderr`, as far as it is used. */
export interface ProcessStream {
  readonly fd: number;
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, written: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/**
 * One of the two streams that a command writes to, which knows whether all of it has arrived. A pipe takes what its
 * reader has room for and the rest later: a process that ends before that has cut its own answer.
 */
export class StandardStream implements TextSink {
  readonly #stream: ProcessStream;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  readonly #isFile: boolean;
  #waiting = 0;
  #failure: NodeJS.ErrnoException | undefined;
  #idle = Promise.withResolvers<void>();

  /** @param onFailure told once, when nothing more can be written: the reader has gone, the disk is full */
  constructor(stream: ProcessStream, onFailure: (error: NodeJS.ErrnoException) => void) {
    this.#stream = stream;
    this.#onFailure = onFailure;
    this.#isFile = isFile(stream.fd);
    stream.on("error", (error) => this.#fail(error));
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.#stream.columns;
  }

  /** Why not everything arrived. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (this.#failure || text === "") return;
    try {
      if (this.#isFile) writeAll(this.#stream.fd, text);
      else this.#send(text);
    } catch (error) { // Deno throws what Node tells the listener
      this.#fail(error as Error);
    }
  }

  /** Resolves when everything was taken, or nothing more ever will be. */
  async written(): Promise<void> {
    if (this.#waiting > 0 && !this.#failure) await this.#idle.promise;
  }

  #send(text: string): void {
    this.#waiting++;
    this.#stream.write(text, (error) => {
      if (error) this.#fail(error);
      if (--this.#waiting > 0) return;
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    });
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#idle.resolve();
    this.#onFailure(error);
  }
}

/** What Node does not write at once to a file (the disk is nearly full), it drops without a word. */
function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
