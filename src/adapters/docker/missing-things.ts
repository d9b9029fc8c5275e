/** Something that a call named and the Engine does not have. */
export interface MissingThing {
  readonly kind: "image" | "network" | "volume" | "container";
  readonly hint: string;
}

/** In the words of Engines 20.10 to 28, which answer with 404 or, for what a new container refers to, with 400. */
const things: readonly (readonly [RegExp, MissingThing])[] = [
  [
    /no such image|image with reference .* was found but/i,
    {
      kind: "image",
      hint: "the next pass pulls it; with `pull_policy: never`, put it on the host: docker pull, or docker load",
    },
  ],
  [
    /network .* not found|no such network/i,
    {
      kind: "network",
      hint:
        "the network was removed since the host was looked at; the next pass makes it again, or says which one is missing",
    },
  ],
  [
    /no such volume/i,
    {
      kind: "volume",
      hint:
        "the volume was removed since the host was looked at; the next pass makes it again, or says which one is missing",
    },
  ],
  [
    /no such container|could not get container/i,
    { kind: "container", hint: "the container was removed since the host was looked at; the next pass looks again" },
  ],
];

/** @returns undefined where the words name nothing that is missing */
export function missingThing(message: string): MissingThing | undefined {
  return things.find(([pattern]) => pattern.test(message))?.[1];
}
