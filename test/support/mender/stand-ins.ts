import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import Docker from "dockerode";
import { baseLayer } from "./base-layer.ts";
import { MENDER_IMAGES, type StandInImage } from "./catalog.ts";
import { imageArchive, type ImageRecipe, layer, sha256 } from "./image-archive.ts";

const STAND_IN_LABEL = "io.holdfast.stand-in";

/**
 * Gives an Engine the images of Mender 2.2 without a registry: small stand-ins under the real names, which serve TLS
 * with the certificates they are given and refuse to start where the real ones do (no ALLOWED_HOSTS, no key, …).
 * Those that it has already are left alone.
 *
 * @param log gets a line for each image that was made
 * @throws Error when the machine lacks busybox or openssl, the Engine refuses the images, or it holds an image of such
 *   a name that is no stand-in
 */
export async function ensureMenderImages(
  socketPath: string,
  edition: "os" | "enterprise",
  log: (line: string) => void = () => {},
): Promise<void> {
  const docker = new Docker({ socketPath });
  const base = await baseLayer();
  const wanted = MENDER_IMAGES.filter((image) => image.edition === "both" || image.edition === edition);
  const recipes = await Promise.all(wanted.map((image) => recipe(image, base)));
  const present = await Promise.all(recipes.map((image) => isPresent(docker, image)));
  const missing = recipes.filter((_, at) => !present[at]);
  if (missing.length === 0) return;
  const stream = await docker.loadImage(Readable.from([await imageArchive(missing)]), { quiet: "1" });
  const answer = await text(stream as Readable);
  if (answer.includes('"error"')) throw new Error(`The Engine refused the stand-in images: ${answer.trim()}`);
  for (const { reference } of missing) log(reference);
}

async function recipe(image: StandInImage, base: Buffer): Promise<ImageRecipe> {
  const script = readFileSync(new URL(`./programs/${image.program}.sh`, import.meta.url));
  const own = await layer([{ path: image.installedAt, mode: 0o755, content: script }]);
  const digest = sha256([sha256(base), sha256(own), JSON.stringify(image.config)].join("\n"));
  const config = { ...image.config, Labels: { [STAND_IN_LABEL]: digest } };
  return { reference: image.reference, layers: [base, own], config };
}

async function isPresent(docker: Docker, { reference, config }: ImageRecipe): Promise<boolean> {
  try {
    const { Config } = await docker.getImage(reference).inspect();
    const digest = Config.Labels?.[STAND_IN_LABEL];
    if (digest === undefined) throw new Error(`The Engine holds a real "${reference}"; it is left alone`);
    return digest === config.Labels![STAND_IN_LABEL];
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
