import type { ApiContainer, ApiContainerEntry } from "./api.ts";

/**
 * What is known of each container without asking again. An inspection stands until an event names its container, the
 * list shows it otherwise, or the event stream is interrupted: without the stream nothing is kept.
 */
export class Inspections {
  readonly #kept = new Map<string, { readonly seen: string; readonly container: ApiContainer }>();
  readonly #changes = new Map<string, number>();
  #streaming = false;
  #stream = 0;

  /** The event stream is up, from now on. */
  begin(): void {
    this.clear();
    this.#streaming = true;
  }

  /** The event stream is down. */
  end(): void {
    this.clear();
    this.#streaming = false;
  }

  clear(): void {
    this.#kept.clear();
    this.#changes.clear();
    this.#stream++;
  }

  /** An event named the container. */
  changed(id: string): void {
    this.#kept.delete(id);
    this.#changes.set(id, (this.#changes.get(id) ?? 0) + 1);
  }

  get(entry: ApiContainerEntry): ApiContainer | undefined {
    const kept = this.#kept.get(entry.Id);
    return kept?.seen === appearance(entry) ? kept.container : undefined;
  }

  /**
   * Inspects a container and keeps the answer, unless an event came in between.
   *
   * @returns undefined when it is gone
   */
  async inspect(
    entry: ApiContainerEntry,
    ask: (id: string) => Promise<ApiContainer | undefined>,
  ): Promise<ApiContainer | undefined> {
    const before = this.#changes.get(entry.Id);
    const stream = this.#stream;
    const container = await ask(entry.Id);
    const undisturbed = this.#streaming && stream === this.#stream && before === this.#changes.get(entry.Id);
    if (container && undisturbed) this.#kept.set(entry.Id, { seen: appearance(entry), container });
    return container;
  }

  /** Forgets the containers that are gone. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of [...this.#kept.keys(), ...this.#changes.keys()]) {
      if (ids.has(id)) continue;
      this.#kept.delete(id);
      this.#changes.delete(id);
    }
  }
}

/** All that a list tells of a container and that does not move by itself: of the status, only what is in brackets. */
function appearance(entry: ApiContainerEntry): string {
  const marks = entry.Status.match(/\([^)]*\)/g) ?? [];
  const networks = entry.NetworkSettings?.Networks ?? {};
  return JSON.stringify([entry.Names, entry.State, marks, entry.Image, entry.ImageID, entry.Labels, networks]);
}
