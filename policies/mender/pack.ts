import type { Pack } from "../../src/policy/policy.ts";
import { m01 } from "./m01-placeholders.ts";
import { m02 } from "./m02-access-key.ts";
import { m03 } from "./m03-secret-key.ts";

/** What a Mender Server in production needs, by release. */
export const mender: Pack = {
  name: "mender",
  policies: [m01, m02, m03],
};
