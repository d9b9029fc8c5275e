import type { PemFacts } from "../model/certificates.ts";
import type { ComposeService } from "../model/compose.ts";
import type { PolicyInput } from "./policy.ts";
import { bindsOf, isBelow } from "./service.ts";

/** A file that a service sees through one of its binds. */
export interface BoundPem {
  /** The bind, in the canonical project. */
  readonly path: readonly PropertyKey[];
  /** Absolute path on the host. */
  readonly source: string;
  /** undefined: no PEM text, or nothing is known of the file (the bundle is not open, or it is no file of git). */
  readonly pem?: PemFacts;
}

/** The file that a service sees at an absolute path, whether it or a folder above is bound; undefined without such a bind. */
export function pemAt(
  input: PolicyInput,
  { key, target }: { readonly key: string; readonly target: string },
): BoundPem | undefined {
  const service: ComposeService | undefined = input.desired.model.services[key];
  const [bind] = (service ? bindsOf(key, service) : [])
    .filter((candidate) => isBelow(target, candidate.target))
    .sort((a, b) => b.target.length - a.target.length);
  if (!bind) return undefined;
  const source = bind.source + target.slice(bind.target.length);
  const pem = pemOfHostPath(input, source);
  return { path: bind.path, source, ...(pem ? { pem } : {}) };
}

/** Every PEM file that a service sees through its binds. */
export function boundPems(input: PolicyInput, key: string): readonly BoundPem[] {
  return bindsOf(key, input.desired.model.services[key] ?? {}).flatMap(({ path, source }) =>
    knownPems(input)
      .filter(([known]) => isBelow(known, source))
      .map(([known, pem]) => ({ path, source: known, pem }))
  );
}

function pemOfHostPath(input: PolicyInput, source: string): PemFacts | undefined {
  return knownPems(input).find(([known]) => known === source)?.[1];
}

/** PEM facts by absolute host path; a key of the bundle hides a tracked file at its place. */
function knownPems({ desired, keyPems, trackedPems }: PolicyInput): readonly (readonly [string, PemFacts])[] {
  const { checkout, keys } = desired.folders;
  const opened = keys === undefined ? [] : [...keyPems].map(([path, pem]) => [`${keys}/${path}`, pem] as const);
  const tracked = [...trackedPems].map(([path, pem]) => [`${checkout}/${path}`, pem] as const);
  return [...opened, ...tracked];
}
