import type { DesiredService, DesiredState } from "../model/desired.ts";
import type { DigestKey } from "../model/digest.ts";
import { compareText } from "../model/issue.ts";
import { holdfastLabel } from "../model/labels.ts";
import { formatPath } from "../model/path.ts";
import { maskValue } from "../model/secrets.ts";
import type { Finding } from "./finding.ts";

/** Fields whose values are judged one by one, by name. */
const maps = ["environment", "labels"];

/** Compose's keys of a service whose values hold bytes of keys, sorted: `command`, `environment.STORAGE`. */
export function secretKeys(service: DesiredService, { model, secretPaths }: DesiredState): string[] {
  if (secretPaths.size === 0) return [];
  return Object.entries(model.services[service.key] ?? {}).flatMap(([key, value]) => {
    const names = maps.includes(key) && value !== null && typeof value === "object" ? Object.keys(value) : undefined;
    const path = ["services", service.key, key];
    if (!names) return holdsSecret(formatPath(path), secretPaths) ? [key] : [];
    return names.filter((name) => secretPaths.has(formatPath([...path, name]))).map((name) => `${key}.${name}`);
  }).sort(compareText);
}

/** Whether the value at a path of the Compose model, or one below it, comes from a key. */
export function holdsSecret(path: string, secretPaths: ReadonlySet<string>): boolean {
  return [...secretPaths].some((secret) =>
    secret === path || secret.startsWith(`${path}.`) || secret.startsWith(`${path}[`)
  );
}

/** Compose's keys of a network or volume whose values come from keys, sorted: `driver_opts.password`. */
export function secretOptions(path: readonly string[], { secretPaths }: Pick<DesiredState, "secretPaths">): string[] {
  const prefix = `${formatPath(path)}.`;
  return [...secretPaths].filter((secret) => secret.startsWith(prefix)).map((secret) => secret.slice(prefix.length))
    .sort(compareText);
}

/** The same of the definition that a resource was created from: git may not name the key any more. */
export function recordedSecretKeys(labels: Readonly<Record<string, string>>): readonly string[] {
  try {
    const value: unknown = JSON.parse(labels[holdfastLabel.secrets] ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // somebody else's label
  }
}

interface Masking {
  readonly keys: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly digestKey: DigestKey;
}

/** Findings with the values masked that hold bytes of keys, by git now or when the container was created. */
export function maskSecrets(findings: readonly Finding[], { keys, labels, digestKey }: Masking): Finding[] {
  const secret = new Set([...keys, ...recordedSecretKeys(labels)]);
  const mask = (value: string): string => value === "" || value.startsWith("‹") ? value : maskValue(digestKey, value);
  return findings.map((finding) => {
    const { key, difference } = finding;
    if (!secret.has(key) && !secret.has(key.split(".")[0] ?? "")) return finding;
    return { ...finding, difference: { ...difference, want: mask(difference.want), have: mask(difference.have) } };
  });
}
