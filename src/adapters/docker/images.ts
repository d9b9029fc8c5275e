import { compareText } from "../../model/issue.ts";
import type { ImageDefaults, ObservedImage } from "../../model/observed.ts";
import { type ApiImage, type ApiImageEntry, sortedMap } from "./api.ts";
import { readEnvironment, readExposedPorts, readHealthcheck } from "./read-container.ts";
import { localReference } from "./references.ts";

/** Defaults and platforms of images by id. An id is the hash of its image, so nothing here is ever out of date. */
export class ImageCatalog {
  readonly #known = new Map<string, KnownImage>();

  /**
   * The local images that the references name, under each reference as it was asked for.
   *
   * @param inspect called once for each image that was not seen before
   */
  async find(
    references: readonly string[],
    entries: readonly ApiImageEntry[],
    inspect: (id: string) => Promise<ApiImage | undefined>,
  ): Promise<ReadonlyMap<string, ObservedImage>> {
    const known = indexEntries(entries);
    const found = new Map<string, ObservedImage>();
    for (const reference of [...new Set(references)].sort(compareText)) {
      const entry = known.get(localReference(reference));
      if (!entry) continue;
      const image = this.#known.get(entry.Id) ?? await this.#inspect(entry.Id, inspect);
      if (image) found.set(reference, { id: entry.Id, references: namesOf(entry), ...image });
    }
    this.#forgetAllBut(new Set(entries.map((entry) => entry.Id)));
    return found;
  }

  async #inspect(
    id: string,
    inspect: (id: string) => Promise<ApiImage | undefined>,
  ): Promise<KnownImage | undefined> {
    const image = await inspect(id);
    if (!image) return undefined;
    const known = { defaults: readDefaults(image), ...readPlatform(image) };
    this.#known.set(id, known);
    return known;
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }
}

type KnownImage = Pick<ObservedImage, "defaults" | "platform">;

function readPlatform({ Os, Architecture, Variant }: ApiImage): Pick<ObservedImage, "platform"> {
  if (!Os || !Architecture) return {};
  return { platform: { os: Os, architecture: Architecture, ...(Variant ? { variant: Variant } : {}) } };
}

function indexEntries(entries: readonly ApiImageEntry[]): ReadonlyMap<string, ApiImageEntry> {
  return new Map(entries.flatMap((entry) => [...namesOf(entry), entry.Id].map((name) => [name, entry] as const)));
}

/** 20.10 lists `<none>:<none>` for an image without a tag. */
function namesOf(entry: ApiImageEntry): string[] {
  return [...(entry.RepoTags ?? []), ...(entry.RepoDigests ?? [])].filter((name) => !name.startsWith("<none>")).sort(
    compareText,
  );
}

/** What an image gives a container that says nothing. */
function readDefaults({ Config: config }: ApiImage): ImageDefaults {
  const healthcheck = readHealthcheck(config?.Healthcheck);
  const environment = Object.entries(readEnvironment(config?.Env ?? [])).map(([name, value]) => [name, value ?? ""]);
  return {
    command: config?.Cmd ?? [],
    entrypoint: config?.Entrypoint ?? [],
    environment: Object.fromEntries(environment),
    labels: sortedMap(config?.Labels),
    exposedPorts: readExposedPorts(Object.keys(config?.ExposedPorts ?? {})),
    volumes: Object.keys(config?.Volumes ?? {}).sort(compareText),
    user: config?.User ?? "",
    workingDir: config?.WorkingDir ?? "",
    stopSignal: config?.StopSignal ?? "",
    ...(healthcheck ? { healthcheck } : {}),
  };
}
