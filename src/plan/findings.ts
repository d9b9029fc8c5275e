import type { DesiredService } from "../model/desired.ts";
import { composeLabel } from "../model/labels.ts";
import type { ObservedContainer } from "../model/observed.ts";
import { type AsMade, asMadeOf, movedSince } from "./as-made.ts";
import { compareContainer } from "./compare-container.ts";
import { asEngineTakes } from "./engine-limits.ts";
import type { Finding } from "./finding.ts";
import type { PlanInput } from "./input.ts";
import { withoutMissingLimits } from "./missing-limits.ts";
import { type Peers, resolvePeers } from "./peers.ts";
import type { compareDigest } from "./service-digest.ts";

interface Judging {
  readonly input: PlanInput;
  /** What the digest on the container says. */
  readonly digest: ReturnType<typeof compareDigest>;
}

/** What of a container is not what git says and counts: not what the Engine made of it, nor what is to be ignored. */
export function findingsOf(service: DesiredService, have: ObservedContainer, { input, digest }: Judging): Finding[] {
  const made = input.inventory.made?.[have.id];
  const isKnown = made !== undefined || digest === "changed" || !isMadeFromThis(service, have);
  const found = differencesOf(service, have, { input, unnamed: isKnown ? "compare" : "skip" });
  const live = withoutMissingLimits(movedSince(made, found, input.digestKey), {
    madeAsWanted: digest === "same",
    engine: input.observed.engine,
  });
  return [...live, ...editedFiles(service, input)].filter(({ key }) =>
    !input.ignore.some((rule) =>
      rule.service === service.key && (key === rule.field || key.startsWith(`${rule.field}.`))
    )
  );
}

/**
 * What the Engine made of a container that was created right now: all that is not what git says. Another image under the
 * same name is no doing of the Engine's.
 */
export function madeBy(service: DesiredService, have: ObservedContainer, { input, peers }: Making): Made {
  const spec = asEngineTakes(resolvePeers(service.spec, peers), input.observed.engine);
  const findings = differencesOf({ ...service, spec }, have, { input, unnamed: "compare" }).filter(({ key }) =>
    key !== "image"
  );
  return { findings, asMade: asMadeOf(findings, input.digestKey) };
}

export interface Making {
  readonly input: PlanInput;
  readonly peers: Peers;
}

export interface Made {
  readonly findings: readonly Finding[];
  readonly asMade: AsMade;
}

function differencesOf(
  service: DesiredService,
  have: ObservedContainer,
  { input, unnamed }: { readonly input: PlanInput; readonly unnamed: "compare" | "skip" },
): Finding[] {
  const { desired, observed, digestKey } = input;
  const image = observed.images.get(have.imageId)?.defaults;
  const wantedImageId = observed.images.get(service.spec.image)?.id;
  return compareContainer(service, have, { desired, image, wantedImageId, digestKey, unnamed });
}

/**
 * Whether Compose's label says that the container was made from the definition that git has, by whomever. Nobody knows
 * what else it was made with: only what git names can have moved.
 */
function isMadeFromThis(service: DesiredService, { labels }: ObservedContainer): boolean {
  return labels[composeLabel.configHash] === service.configHash;
}

/**
 * A bound file that was edited on the host: the container may have read it, and a bind keeps the inode that is replaced.
 * One that is merely gone it has not.
 */
function editedFiles(service: DesiredService, input: PlanInput): Finding[] {
  if (input.appliedCommit !== input.commit || input.goingBack) return []; // the files are another revision's
  const { edited: checkout, keys, secrets } = input.files;
  const filesOf = { checkout, keys, secrets };
  return service.boundFiles.filter(({ origin, path }) =>
    filesOf[origin].some((file) =>
      file.found !== "missing" && (path === "" || file.path === path || file.path.startsWith(`${path}/`))
    )
  ).map((bound) => ({
    key: `volumes.${bound.target}`,
    difference: {
      field: `file ${bound.path}`,
      want: "as in git",
      have: "edited on the host",
      position: bound.position,
    },
    remedy: "recreate",
  }));
}
