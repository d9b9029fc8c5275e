import type { Pack } from "../../src/policy/policy.ts";
import { engineSocket } from "./engine-socket.ts";
import { imageTag } from "./image-tag.ts";
import { privileged } from "./privileged.ts";

/** What any production project should keep to. */
export const baseline: Pack = {
  name: "baseline",
  policies: [engineSocket, imageTag, privileged],
};
