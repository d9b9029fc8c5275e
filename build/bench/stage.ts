import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestEngine } from "../../test/support/engine.ts";
import { standIn } from "../../test/support/images.ts";
import { privateEngine } from "../../test/support/private-engine.ts";
import type { Removable } from "../../test/support/removable.ts";
import { createRepository } from "../../test/support/repository.ts";
import { memoryFolder, tempFolder } from "../../test/support/temp.ts";
import type { ComposeBinary } from "./compose-binary.ts";
import { type ComposeSide, composeSide } from "./compose-side.ts";
import { type HoldfastSide, holdfastSide } from "./holdfast-side.ts";
import { image } from "./project.ts";

/** Two hosts that are alike: what one tool deployed is never on the other's lists. */
export interface Stage {
  /** Undefined when Compose could not be had. */
  readonly compose?: ComposeSide;
  readonly holdfast: HoldfastSide;
  readonly engineVersion: string;
}

export const holdfastBinary = fileURLToPath(new URL("../../dist/holdfast", import.meta.url));

/** Starts both Engines, with nothing on them but the image. */
export async function setStage(stack: AsyncDisposableStack, compose: ComposeBinary): Promise<Stage> {
  if (!existsSync(holdfastBinary)) throw new Error(`No binary at "${holdfastBinary}": "npm run build" makes it`);
  const use = <T extends Removable>(made: T): T => stack.use(made);
  const folder = use(tempFolder("bench")).path;
  const startEngine = async (name: string): Promise<TestEngine> => {
    const engine = use(await privateEngine(name));
    use(await standIn(engine, image));
    return engine;
  };
  const engine = await startEngine("bench-h");
  const repository = use(await createRepository());
  const { Version } = await engine.docker.version();
  const holdfast = holdfastSide({
    engine,
    repository,
    binary: holdfastBinary,
    folder,
    runtime: use(memoryFolder("bench")).path,
  });
  if ("missing" in compose) return { holdfast, engineVersion: Version };
  const side = { engine: await startEngine("bench-c"), binary: compose.path, folder: join(folder, "compose") };
  return { holdfast, compose: await composeSide(side), engineVersion: Version };
}
