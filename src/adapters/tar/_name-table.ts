import { quoteText } from "../../model/escape.ts";
import { archiveError, type Entry } from "./_entry.ts";

/** The names an archive has used: each file once, and no file where another entry needs a folder. */
export class NameTable {
  readonly #kinds = new Map<string, Entry["kind"]>([["", "folder"]]);

  /** @throws HoldfastError `KEYS_ARCHIVE` */
  add({ path, kind }: Entry): void {
    const known = this.#kinds.get(path);
    if (known === "file" && kind === "file") throw archiveError(`${quoteText(path)} is in it twice`);
    if (known && known !== kind) throw archiveError(`${quoteText(path)} is a file and a folder`);
    for (let folder = parentOf(path); this.#kinds.get(folder) !== "folder"; folder = parentOf(folder)) {
      if (this.#kinds.has(folder)) throw archiveError(`${quoteText(folder)} is a file and a folder`);
      this.#kinds.set(folder, "folder");
    }
    this.#kinds.set(path, kind);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
