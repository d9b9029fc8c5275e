/** Something that a test made and must remove: `await using x = …`, or `after(() => x.dispose())`. */
export interface Removable {
  /** Removes all of it; safe to call again. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Gives a value its `dispose()`.
 *
 * @param remove called once, by the first `dispose()`
 * @param removeAtExit the same without waiting, for a process that ends before `dispose()`: a crash, Ctrl-C, a runner's time limit
 */
export function removable<T extends object>(
  value: T,
  remove: () => void | Promise<void>,
  removeAtExit: () => void = () => {},
): NoInfer<T> & Removable {
  const forget = atExit(removeAtExit);
  let done: Promise<void> | undefined;
  const dispose = (): Promise<void> => done ??= Promise.resolve().then(remove).then(forget);
  return Object.assign(value, { dispose, [Symbol.asyncDispose]: dispose });
}

const pending = new Set<() => void>();

/**
 * Calls `undo` when this process ends.
 *
 * @returns a function that takes it off the list
 */
function atExit(undo: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(undo);
  return () => void pending.delete(undo);
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  process.once("exit", undoAll);
  for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]] as const) {
    process.once(signal, () => process.exit(128 + number));
  }
}

/** Newest first: what was made last may stand inside what was made before. */
function undoAll(): void {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch (error) {
      console.error("Cannot clean up after the tests:", error);
    }
  }
}
