import type { Healthcheck, Mount } from "../model/container.ts";
import type { DigestKey } from "../model/digest.ts";
import type { DesiredService, DesiredState } from "../model/desired.ts";
import { effectiveHealthcheck } from "../model/engine-defaults.ts";
import { compareText } from "../model/issue.ts";
import { isIdentityLabel } from "../model/labels.ts";
import type { ImageDefaults, ObservedContainer } from "../model/observed.ts";
import type { Position } from "../model/position.ts";
import { looksSecret, maskValue } from "../model/secrets.ts";
import type { FieldDifference } from "./cause.ts";
import { containerFields } from "./container-fields.ts";
import { compareAttachments } from "./compare-attachments.ts";
import type { Finding } from "./finding.ts";
import { maskSecrets, secretKeys } from "./secret-fields.ts";
import { fileDigests, recordedFileDigests } from "./service-digest.ts";
import { canonicalPath } from "./spelling.ts";

/** What a comparison needs beside the two sides. */
export interface Comparison {
  readonly desired: DesiredState;
  /** Of the image that the container was made from; undefined when it is gone: then only what git names is compared. */
  readonly image: ImageDefaults | undefined;
  /**
   * Whether what git does not name and the container has (a variable, a label) is a difference: not where nobody knows
   * what the container was made with, since clients, the daemon and its plugins add some of their own.
   */
  readonly unnamed: "compare" | "skip";
  /** Id of the image that the desired reference names locally; undefined when it is not there. */
  readonly wantedImageId: string | undefined;
  readonly digestKey: DigestKey;
}

/**
 * Every field of a container that is not what git says, in a fixed order. Defaults of Engine and image are no
 * difference; values that may be secret are masked here, so that nothing downstream can print them.
 */
export function compareContainer(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const findings = [
    ...compareImage(service, have, comparison),
    ...compareFields(service, have, comparison),
    ...compareEnvironment(service, have, comparison),
    ...compareLabels(service, have, comparison),
    ...compareHealthcheck(service, have, comparison),
    ...compareMounts(service, have, comparison),
    ...compareFiles(service, have, comparison),
    ...compareAttachments(service, have, placeIn(comparison.desired, service)),
  ];
  const { desired, digestKey } = comparison;
  return maskSecrets(findings, { keys: secretKeys(service, desired), labels: have.labels, digestKey });
}

/** The position of a Compose key of one service. */
function placeIn(desired: DesiredState, service: DesiredService): (key: string) => Position | undefined {
  return (key) => desired.positionOf(`services.${service.key}${key === "" ? "" : `.${key}`}`);
}

function compareImage(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const position = placeIn(comparison.desired, service)("image");
  if (service.spec.image !== have.spec.image) {
    return [recreate("image", { field: "image", want: service.spec.image, have: have.spec.image, position })];
  }
  const wanted = comparison.wantedImageId;
  if (wanted === undefined || wanted === have.imageId) return [];
  const want = `${service.spec.image} (${shortId(wanted)})`;
  return [recreate("image", { field: "image", want, have: shortId(have.imageId), position })];
}

function compareFields(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const place = placeIn(comparison.desired, service);
  const findings: Finding[] = [];
  for (const { field, key, want, have: read, remedy, follows } of containerFields) {
    const wanted = want(service.spec, comparison.image);
    const found = read(have.spec, service.spec);
    if (wanted === undefined || wanted === found || follows?.(service.spec, have.spec)) continue;
    const difference = { field, want: wanted, have: found, position: place(key) };
    findings.push({
      key,
      difference,
      remedy: remedy === "update" && wanted === "" ? "recreate" : remedy ?? "recreate",
    });
  }
  return findings;
}

function compareEnvironment(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const want = { ...comparison.image?.environment, ...service.spec.environment };
  const found = asked(have.spec.environment, want, comparison);
  return compareMaps("environment", { want, have: found }, comparison.digestKey).map((difference) =>
    withPlace(difference, placeIn(comparison.desired, service), "environment")
  );
}

function compareLabels(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const found = Object.fromEntries(Object.entries(have.spec.labels).filter(([name]) => !isIdentityLabel(name)));
  const inherited = Object.fromEntries(
    Object.entries(comparison.image?.labels ?? {}).filter(([name]) => !isIdentityLabel(name)),
  );
  const want = { ...inherited, ...service.spec.labels };
  const asFound = asked(found, want, comparison);
  return compareMaps("label", { want, have: asFound }, comparison.digestKey).map((difference) =>
    withPlace(difference, placeIn(comparison.desired, service), "labels")
  );
}

/** Without the names that only the host has, where they tell nothing. */
function asked<T>(
  have: Readonly<Record<string, T>>,
  want: Readonly<Record<string, unknown>>,
  { image, unnamed }: Comparison,
): Readonly<Record<string, T>> {
  if (image && unnamed === "compare") return have;
  return Object.fromEntries(Object.entries(have).filter(([name]) => name in want));
}

/** The Engine merges a health check field by field with the image's. */
function compareHealthcheck(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const asGit = service.spec.healthcheck;
  const want = effectiveHealthcheck(asGit, comparison.image?.healthcheck);
  const found = have.spec.healthcheck;
  const isKnown = (field: keyof Healthcheck): boolean => comparison.image !== undefined || Boolean(asGit?.[field]);
  const position = placeIn(comparison.desired, service)("healthcheck");
  const findings: Finding[] = [];
  const add = (field: string, wanted: string, has: string): void => {
    if (wanted !== has) findings.push(recreate("healthcheck", { field, want: wanted, have: has, position }));
  };
  if (comparison.image || (asGit?.test.length ?? 0) > 0) {
    add("health check", JSON.stringify(want?.test ?? []), JSON.stringify(found?.test ?? []));
  }
  if (want?.test[0] === "NONE") return findings;
  for (const [field, name] of healthcheckTimes) {
    if (isKnown(field)) add(`health check ${name}`, String(want?.[field] || ""), String(found?.[field] || ""));
  }
  return findings;
}

const healthcheckTimes: readonly (readonly [keyof Healthcheck, string])[] = [
  ["intervalMs", "interval"],
  ["timeoutMs", "timeout"],
  ["startPeriodMs", "start period"],
  ["startIntervalMs", "start interval"],
  ["retries", "retries"],
];

/** Mounts by target: the Engine returns them in any order. An anonymous volume of the image is no difference. */
function compareMounts(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const place = placeIn(comparison.desired, service);
  const wanted = new Map(service.spec.mounts.map((mount) => [canonicalPath(mount.target), mount]));
  const found = new Map(have.spec.mounts.map((mount) => [canonicalPath(mount.target), mount]));
  const findings: Finding[] = [];
  for (const target of [...new Set([...wanted.keys(), ...found.keys()])].sort(compareText)) {
    const want = wanted.get(target);
    const has = found.get(target);
    if (!want && has && isAnonymous(has)) continue; // the image's, or a predecessor's that was handed on
    const difference = { field: `mount ${target}`, want: mountText(want, has), have: mountText(has, want) };
    if (difference.want === difference.have) continue;
    const position = want && place(`volumes${mountIndex(comparison.desired, service, want.target)}`);
    findings.push(recreate(`volumes.${target}`, { ...difference, position }));
  }
  return findings;
}

function isAnonymous(mount: Mount): boolean {
  return mount.type === "volume" && (mount.source === "" || /^[0-9a-f]{64}$/.test(mount.source));
}

/** One mount in words; what the other side does not say (an anonymous volume's name, options at their default) is left out. */
function mountText(mount: Mount | undefined, other: Mount | undefined): string {
  if (!mount) return "";
  const source = isAnonymous(mount) && (!other || isAnonymous(other)) ? "anonymous" : canonicalPath(mount.source);
  const options = [
    mount.readOnly ? "read-only" : "",
    mount.propagation && mount.propagation !== "rprivate" ? mount.propagation : "",
    mount.selinux ?? "",
    mount.noCopy ? "no copy" : "",
    mount.subpath ? `subpath ${mount.subpath}` : "",
    mount.recursive && mount.recursive !== "enabled" ? `recursive ${mount.recursive}` : "",
    mount.tmpfsSizeBytes ? `size ${mount.tmpfsSizeBytes}` : "",
    ...mount.tmpfsOptions ?? [],
    mount.tmpfsMode ? `mode ${mount.tmpfsMode.toString(8)}` : "",
  ].filter((option) => option !== "");
  return [mount.type, source, ...options].filter((part) => part !== "").join(" ");
}

/** `[2]` where the canonical model lists the mount, "" where it does not (tmpfs, secrets). */
function mountIndex(desired: DesiredState, service: DesiredService, target: string): string {
  const volumes = desired.model.services[service.key]?.["volumes"];
  if (!Array.isArray(volumes)) return "";
  const index = volumes.findIndex((volume: { target?: unknown }) => volume?.target === target);
  return index < 0 ? "" : `[${index}]`;
}

/** Files whose bytes are not those that the container was created with. */
function compareFiles(service: DesiredService, have: ObservedContainer, comparison: Comparison): Finding[] {
  const recorded = recordedFileDigests(have.labels, comparison.digestKey);
  if (!recorded) return [];
  const wanted = fileDigests(service, comparison.digestKey);
  return service.boundFiles.filter((file) => {
    const before = recorded[file.target];
    return before !== undefined && before !== wanted[file.target];
  }).map((file) => {
    const difference = {
      field: `file ${file.path}`,
      want: "as in git",
      have: "created from other bytes",
      position: file.position,
    };
    return recreate(`volumes.${file.target}`, difference);
  });
}

/** Differences between two maps of text, name by name; a value whose name looks secret is masked. */
function compareMaps(
  field: string,
  sides: {
    readonly want: Readonly<Record<string, string | null>>;
    readonly have: Readonly<Record<string, string | null>>;
  },
  digestKey: DigestKey,
): NamedDifference[] {
  const show = (name: string, value: string) => looksSecret(name, value) ? maskValue(digestKey, value) : value;
  const names = [...new Set([...Object.keys(sides.want), ...Object.keys(sides.have)])].sort(compareText);
  return names.filter((name) => (sides.want[name] ?? null) !== (sides.have[name] ?? null)).map((name) => {
    const side = (value: string | null | undefined): string =>
      value === null || value === undefined ? "" : show(name, value) || "(empty)";
    return {
      name,
      difference: { field: `${field} ${name}`, want: side(sides.want[name]), have: side(sides.have[name]) },
    };
  });
}

interface NamedDifference {
  readonly name: string;
  readonly difference: FieldDifference;
}

function withPlace(
  { name, difference }: NamedDifference,
  place: (key: string) => Position | undefined,
  key: string,
): Finding {
  const position = difference.want === "" ? undefined : place(`${key}.${name}`);
  return recreate(`${key}.${name}`, { ...difference, position });
}

function recreate(key: string, difference: FieldDifference): Finding {
  return { key, difference, remedy: "recreate" };
}

function shortId(imageId: string): string {
  return imageId.replace(/^sha256:/, "").slice(0, 12);
}
