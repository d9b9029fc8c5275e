import { canonicalJson, type DigestKey, keyedDigest } from "../model/digest.ts";
import type { DesiredService } from "../model/desired.ts";
import { compareText } from "../model/issue.ts";
import { holdfastLabel } from "../model/labels.ts";

/** Of the way the digest is made; another one on a container makes its live fields decide instead. */
const digestVersion = "v1";

/** A pass asks twice for each, and a quiet one has the services of the pass before. */
const known = new WeakMap<DesiredService, { readonly key: DigestKey; readonly digest: string }>();

/** Everything desired of one service, as one keyed digest: `v1:<key id>:<64 hex>`. */
export function serviceDigest(service: DesiredService, key: DigestKey): string {
  const kept = known.get(service);
  if (kept?.key === key) return kept.digest;
  const digest = makeDigest(service, key);
  known.set(service, { key, digest });
  return digest;
}

function makeDigest(service: DesiredService, key: DigestKey): string {
  const desired = compact({
    spec: service.spec,
    files: service.boundFiles.map(({ target, digest }) => ({ target, digest })),
  });
  return `${digestVersion}:${key.id}:${keyedDigest(key, canonicalJson(desired))}`;
}

/** What the digest on a container says: git moved, git did not, or it cannot tell. */
export function compareDigest(
  recorded: string | undefined,
  service: DesiredService,
  key: DigestKey,
): "same" | "changed" | "unknown" {
  const wanted = serviceDigest(service, key);
  if (recorded === wanted) return "same";
  const scope = wanted.slice(0, wanted.lastIndexOf(":") + 1);
  if (!recorded?.startsWith(scope)) return "unknown";
  return recorded === makeDigest(withOtherScale(service), key) ? "same" : "changed";
}

/**
 * As the service was when it had one container and now has several, or the other way round: one alone has its own name
 * among its aliases, as with Compose. What stays of it is not another container for that.
 */
function withOtherScale(service: DesiredService): DesiredService {
  const { name, replicas, spec } = service;
  const networks = spec.networks.map((network) => {
    const others = network.aliases.filter((alias) => alias !== name);
    return { ...network, aliases: replicas > 1 ? [...others, name].sort(compareText) : others };
  });
  return { ...service, spec: { ...spec, networks } };
}

/** Short keyed digests of the bound files by target, for the label that lets a changed file be named. */
export function fileDigests(service: DesiredService, key: DigestKey): Record<string, string> {
  return Object.fromEntries(
    service.boundFiles.map((file) => [file.target, keyedDigest(key, file.digest).slice(0, 16)]),
  );
}

/** The file digests that a container was created with; undefined when it carries none that this key can compare. */
export function recordedFileDigests(
  labels: Readonly<Record<string, string>>,
  key: DigestKey,
): Record<string, string> | undefined {
  const text = labels[holdfastLabel.files];
  const isOfKey = labels[holdfastLabel.digest]?.startsWith(`${digestVersion}:${key.id}:`) === true;
  if (text === undefined || !isOfKey) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value as Record<string, string> : undefined;
  } catch {
    return undefined; // somebody else's label: then the digest alone decides
  }
}

/** Without what is empty, so that a field that a newer holdfast learns changes no digest of a service that lacks it. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, item]) => [name, compact(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => !isEmpty(item)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === false) return true;
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}
