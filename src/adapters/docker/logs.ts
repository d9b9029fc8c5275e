const headerBytes = 8;
const longestLine = 16_000;

/**
 * The lines of a log as the Engine sends it: without a terminal, output and errors are frames with a header of 8 bytes,
 * the last four of which are the length.
 */
export function logLines(bytes: Buffer, tty: boolean): string[] {
  const text = tty ? bytes.toString("utf8") : frames(bytes);
  return text.split(/\r?\n/).filter((line) => line !== "").map((line) => line.slice(0, longestLine));
}

function frames(bytes: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + headerBytes <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + headerBytes, at + headerBytes + length));
    at += headerBytes + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
