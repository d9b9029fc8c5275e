import type { Readable } from "node:stream";

/** Far more than any event or progress line; a stream that exceeds it is not the Engine's. */
const longestLine = 1024 * 1024;

/**
 * The JSON values of a stream, one a line, as they come.
 *
 * @throws Error when the stream breaks, a line is not JSON, or one has no end
 */
export async function* jsonLines(stream: Readable): AsyncGenerator<unknown> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop()!;
    if (rest.length > longestLine) throw new Error("the Engine sent a line without an end");
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}
