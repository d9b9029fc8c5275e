import type { BigIntStats } from "node:fs";

/**
 * A file whose time of change is not older than this when it is read may change again within the same tick of the file
 * system's clock, and its stat would not tell: it is read again next time (git calls such a file racily clean).
 */
const racyMs = 2000;

/** What is known of files' content, good as long as their stat is the same. In memory only. */
export class ContentCache {
  readonly #known = new Map<string, { readonly signature: string; readonly content: string }>();

  get(path: string, stat: BigIntStats): string | undefined {
    const known = this.#known.get(path);
    return known?.signature === signatureOf(stat) ? known.content : undefined;
  }

  /** @param stat taken before the content was read, at `readAtMs` or later */
  set(
    path: string,
    content: string,
    { stat, readAtMs }: { readonly stat: BigIntStats; readonly readAtMs: number },
  ): void {
    if (readAtMs - Number(stat.ctimeMs) < racyMs) this.#known.delete(path);
    else this.#known.set(path, { signature: signatureOf(stat), content });
  }

  /** Forgets all other paths. */
  keepOnly(paths: { has(path: string): boolean }): void {
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
  }
}

function signatureOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
