import type { Pack } from "../src/policy/policy.ts";
import { baseline } from "./baseline/pack.ts";
import { mender } from "./mender/pack.ts";

/** The packs that a manifest may name. */
export const packs = { baseline, mender } as const satisfies Record<string, Pack>;
