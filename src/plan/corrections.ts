import { canonicalJson, keyedDigest } from "../model/digest.ts";
import type { Correction, Corrections } from "../model/ledger.ts";
import type { FieldDifference } from "./cause.ts";
import type { PlanInput } from "./input.ts";
import type { Notice } from "./plan.ts";

/** How often a correction may fail to last before the field is left alone. */
const patience = 2;

/** One field that a plan corrects, or would correct if its corrections lasted. */
export interface Corrected {
  /** `service/web`, `network/default`, `file/PATH`. */
  readonly resource: string;
  readonly difference: FieldDifference;
  /** The entry of `drift.ignore` that names it; absent where none can. */
  readonly ignoredBy?: { readonly service: string; readonly field: string };
  /** Of the container or network that shows it; "" for a file. */
  readonly id: string;
  /** What git says of the resource, as a digest: another one ends what is remembered. */
  readonly definition: string;
  /** Of the image that git's reference names; "" where there is none. */
  readonly imageId: string;
  /**
   * Whether nobody can change the field of what this agent made, and it was made from what git says now: then the Engine
   * makes something else of it. What people can change on the host is judged right after its correction alone.
   */
  readonly isFixed: boolean;
}

/** Whether corrections of the field did not last too often, with nothing moved since. */
export function isGivenUp(corrected: Corrected, input: PlanInput): boolean {
  return (known(corrected, input.corrections ?? {}, input)?.count ?? 0) >= patience;
}

interface Counting {
  /** Fields that the pass corrected. */
  readonly corrected: readonly Corrected[];
  /** Those that differ after its steps; undefined where the pass failed or did nothing. */
  readonly left?: readonly Corrected[];
  /** Ids of the containers and networks that the pass made. */
  readonly made: ReadonlySet<string>;
  readonly at: string;
}

/**
 * What is remembered after a pass: a field that differs on what this agent made, or right after it was corrected, is a
 * correction that did not last. Each container and network counts once for its fixed fields.
 */
export function countCorrections(
  before: Corrections,
  { corrected, left, made, at }: Counting,
  input: PlanInput,
): Corrections {
  const after = new Map(Object.entries(before).map(([resource, fields]) => [resource, { ...fields }]));
  const wasCorrected = (one: Corrected): boolean => corrected.some((other) => isSameField(one, other));
  const unlasting = [
    ...corrected.filter(({ isFixed }) => isFixed),
    ...(left ?? []).filter((one) => one.isFixed || made.has(one.id) || wasCorrected(one)),
  ];
  for (const one of left ? corrected : []) {
    const lasted = !one.isFixed && !left!.some((other) => isSameField(one, other));
    if (lasted) delete after.get(one.resource)?.[one.difference.field];
  }
  for (const one of unlasting) {
    const so = Object.fromEntries(after);
    const entry = known(one, so, input);
    if (entry && one.isFixed && entry.id === one.id) continue;
    const fields = after.get(one.resource) ?? {};
    fields[one.difference.field] = { ...identity(one, input), count: (entry?.count ?? 0) + 1, id: one.id, at };
    after.set(one.resource, fields);
  }
  return Object.fromEntries([...after].filter(([, fields]) => Object.keys(fields).length > 0).sort(byKey));
}

/** Told of fields that are left alone: once for each resource. */
export function unlastingNotices(fields: readonly Corrected[]): Notice[] {
  const resources = [...new Set(fields.map(({ resource }) => resource))];
  return resources.map((resource) => {
    const own = fields.filter((one) => one.resource === resource);
    const names = own.map(({ difference }) => difference.field).join(", ");
    const ignores = own.flatMap(({ ignoredBy }) =>
      ignoredBy ? [`{ service: ${ignoredBy.service}, field: ${JSON.stringify(ignoredBy.field)} }`] : []
    );
    const ignore = ignores.length > 0
      ? `, or ignore it in holdfast.yaml: "drift: { ignore: [ ${ignores.join(", ")} ] }"`
      : "";
    return {
      resource,
      severity: "error",
      kind: "unlasting",
      message: `${names}: corrections do not last, so it is not corrected any more`,
      hint:
        `give git what the host makes of it${ignore}; it is tried again when git, the image or the Engine changes, ` +
        'or with "holdfast sync"',
      fields: own.map(({ difference }) => difference),
    };
  });
}

function isSameField(one: Corrected, other: Corrected): boolean {
  return one.resource === other.resource && one.difference.field === other.difference.field;
}

/** What is remembered of a field, if it still holds. */
function known(one: Corrected, corrections: Corrections, input: PlanInput): Correction | undefined {
  const entry = corrections[one.resource]?.[one.difference.field];
  if (!entry) return undefined;
  const now = identity(one, input);
  const holds = entry.definition === now.definition && entry.want === now.want && entry.engine === now.engine &&
    entry.imageId === now.imageId;
  return holds ? entry : undefined;
}

/** What must stay as it is for a correction to be the same one again. */
function identity(one: Corrected, input: PlanInput): Pick<Correction, "definition" | "want" | "engine" | "imageId"> {
  return {
    definition: keyedDigest(input.digestKey, one.definition),
    want: keyedDigest(input.digestKey, one.difference.want),
    engine: keyedDigest(input.digestKey, canonicalJson(input.observed.engine)),
    imageId: one.imageId,
  };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
