import { Buffer } from "node:buffer";
import type { CliIo } from "./io.ts";

/** Twice what any file may have: what is longer is refused where it is loaded, and not read to its end. */
const mostBytes = 1024 * 1024;

/** Standard input up to its end, or the first part of it that is too long for every use. */
export async function readInput({ stdin, signal }: Pick<CliIo, "stdin" | "signal">): Promise<Uint8Array> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([readAll(stdin), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) break;
  }
  return Buffer.concat(chunks);
}
