import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../src/model/compose.ts";

/** A project, and what Docker Compose asks the Engine for when it creates it. */
export interface CreatedCase {
  readonly name: string;
  /** Holds `compose.yaml` and whatever it names. */
  readonly folder: string;
}

/** What `docker compose create` sent, as it was sent. */
export interface Created {
  /** Container name → id, which the bodies and hashes of other containers hold. */
  readonly ids: Readonly<Record<string, string>>;
  /** By name. */
  readonly containers: Readonly<Record<string, Body>>;
  readonly networks: Readonly<Record<string, Body>>;
  readonly volumes: Readonly<Record<string, Body>>;
}

export type Body = { readonly [key: string]: Json };

/** What the answers are of. */
export interface Answerer {
  readonly compose: string;
  /** The Engine's API, `1.51`: Compose asks older ones otherwise. */
  readonly api: string;
}

export const casesFolder = join(import.meta.dirname, "cases");
/** Where a project lies when it is created: part of binds, labels and hashes. */
export const createdRoot = "/tmp/holdfast-created/project";
export const project = "case";
/** Images of the cases; the second one has a value for everything that an image can give. */
export const images = { plain: "example/plain:1", full: "example/full:1" };

export function readCreatedCases(): readonly CreatedCase[] {
  return readdirSync(casesFolder, { withFileTypes: true }).filter((item) => item.isDirectory()).map(({ name }) => name)
    .sort().map((name) => ({ name, folder: join(casesFolder, name) }));
}

export function readCreated({ folder }: CreatedCase): Created {
  return JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
}

export function readAnswerer(): Answerer {
  return JSON.parse(readFileSync(join(casesFolder, "answerer.json"), "utf8"));
}
