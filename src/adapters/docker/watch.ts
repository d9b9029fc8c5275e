import { composeLabel } from "../../model/labels.ts";
import type { ObservedState } from "../../model/observed.ts";
import type { ObserveScope } from "../../ports/engine.ts";
import type { ApiEvent } from "./api.ts";
import type { EventListener } from "./events.ts";
import type { Inspections } from "./inspections.ts";
import { localReference } from "./references.ts";

/** What the last snapshot of a project was made of: events of networks, volumes and images carry no labels. */
export interface Watched {
  readonly containers: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  readonly images: ReadonlySet<string>;
}

/** One stream of events for all projects that this process watches. */
export class EventHub {
  readonly #inspections: Inspections;
  readonly #read: (listener: EventListener, signal: AbortSignal) => Promise<void>;
  readonly #watchers = new Set<{ project: string; onChange: (what: string) => void }>();
  readonly #watched = new Map<string, Watched>();
  #reader: AbortController | undefined;

  /** @param read as `readEvents` */
  constructor(inspections: Inspections, read: (listener: EventListener, signal: AbortSignal) => Promise<void>) {
    this.#inspections = inspections;
    this.#read = read;
  }

  /** Remembers what a snapshot was made of, so that later events can be told apart from those of others. */
  observed(scope: ObserveScope, snapshot: Pick<ObservedState, "containers" | "networks" | "volumes">): void {
    if (![...this.#watchers].some((watcher) => watcher.project === scope.project)) return;
    this.#watched.set(scope.project, {
      containers: new Set(snapshot.containers.map(({ id }) => id)),
      networks: new Set([...snapshot.networks.flatMap(({ id, name }) => [id, name]), ...scope.networkNames]),
      volumes: new Set([...snapshot.volumes.map(({ name }) => name), ...scope.volumeNames]),
      images: new Set(scope.images.map(localReference)),
    });
  }

  /** Resolves when the signal ends it. */
  async watch(project: string, onChange: (what: string) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const watcher = { project, onChange };
    this.#watchers.add(watcher);
    if (!this.#reader) this.#start();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.#watchers.delete(watcher);
    if (![...this.#watchers].some((other) => other.project === project)) this.#watched.delete(project);
    if (this.#watchers.size === 0) this.#stop();
  }

  #start(): void {
    const reader = this.#reader = new AbortController();
    void this.#read({
      onOpen: () => {
        this.#inspections.begin();
        this.#tellAll("events: connected");
      },
      onEvent: (event) => this.#take(event),
      onBreak: () => {
        this.#inspections.end();
        this.#tellAll("events: interrupted");
      },
    }, reader.signal);
  }

  #stop(): void {
    this.#reader?.abort();
    this.#reader = undefined;
    this.#inspections.end();
  }

  #tellAll(what: string): void {
    for (const watcher of this.#watchers) watcher.onChange(what);
  }

  #take(event: ApiEvent): void {
    const container = event.Type === "container" ? event.Actor.ID : event.Actor.Attributes?.["container"];
    if (container) this.#inspections.changed(container);
    for (const { project, onChange } of this.#watchers) {
      if (concerns(event, project, this.#watched.get(project))) onChange(eventText(event));
    }
  }
}

/** Whether something of a project may have changed. Before its first snapshot everything may. */
export function concerns(event: ApiEvent, project: string, watched: Watched | undefined): boolean {
  const { ID: id, Attributes: attributes } = event.Actor;
  if (event.Type === "container" && attributes?.[composeLabel.project] === project) return true;
  if (!watched) return event.Type !== "container";
  switch (event.Type) {
    case "container":
      return watched.containers.has(id);
    case "network":
      return watched.networks.has(id) || watched.networks.has(attributes?.["name"] ?? "") ||
        watched.containers.has(attributes?.["container"] ?? "");
    case "volume":
      return watched.volumes.has(id);
    case "image":
      if (event.Action === "untag" || event.Action === "delete") return true; // named by id only
      return [id, attributes?.["name"] ?? id].some((name) => watched.images.has(localReference(name)));
    default:
      return false;
  }
}

/** `container die web`: what a debug line shows. */
function eventText({ Type, Action, Actor }: ApiEvent): string {
  return `${Type} ${Action} ${Actor.Attributes?.["name"] ?? Actor.ID.slice(0, 19)}`;
}
