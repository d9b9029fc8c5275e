/**
 * Waits until `look` gives something other than undefined or false, and returns that.
 *
 * @param what for the error: "the agent's socket"
 * @throws Error when it is not so after `timeoutMs`; the last error of `look` is its cause
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let delayMs = 5;; delayMs = Math.min(delayMs * 2, 200)) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}
