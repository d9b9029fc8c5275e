import { createHash, createHmac } from "node:crypto";
import { compareText } from "./issue.ts";

/** The keyed hash of desired state. A bare sha256 of a short secret can be guessed, so every printed digest is keyed. */
export interface DigestKey {
  /** 8 hex digits that name the key without telling it. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** @param bytes of the key file, 32; `id` says of two digests whether one key made them, and tells nothing of the key */
export function digestKey(bytes: Uint8Array): DigestKey {
  return { id: createHash("sha256").update("holdfast digest key").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** HMAC-SHA256 of text or bytes, 64 hex digits. */
export function keyedDigest(key: DigestKey, value: string | Uint8Array): string {
  return createHmac("sha256", key.bytes).update(value).digest("hex");
}

/** JSON with sorted keys and without undefined: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
}
