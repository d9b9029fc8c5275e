import { keyFileRule } from "../config/key-files.ts";
import type { Manifest } from "../config/manifest.ts";
import { type DigestKey, keyedDigest } from "../model/digest.ts";
import { HoldfastError } from "../model/error.ts";
import type { RevisionFile, RevisionFiles } from "../model/files.ts";
import type { KeyFact, KeyFacts, KeyFile } from "../model/keys.ts";
import { unopenedKey } from "../model/secrets.ts";
import type { Archive } from "../ports/archive.ts";
import type { Keyring } from "../ports/keyring.ts";

/** The opened bundle: its files for the tmpfs folder and for interpolation, its facts for everything else. */
export interface OpenedKeys {
  /** Folder of the repository at which Compose files see them. */
  readonly into: string;
  readonly files: readonly KeyFile[];
  readonly facts: KeyFacts;
}

export interface KeysRequest {
  readonly manifest: Manifest;
  /** Repository paths. */
  readonly paths: { readonly bundle: string; readonly into: string };
  readonly files: RevisionFiles;
  readonly digestKey: DigestKey;
}

interface BundlePorts {
  readonly keyring: Keyring;
  readonly archive: Archive;
}

/**
 * The last bundle that was opened, so that a commit that leaves it alone does not open it again: hashing a passphrase
 * takes time and memory.
 */
export class OpenedBundle {
  #key: string | undefined;
  #files: readonly KeyFile[] = [];

  /** @throws HoldfastError `KEYS_UNLOCK`, `KEYS_DECRYPT`, `KEYS_ARCHIVE` */
  async open(
    sealed: RevisionFile,
    { keyring, archive }: BundlePorts,
    signal: AbortSignal,
  ): Promise<readonly KeyFile[]> {
    const key = `${sealed.oid} ${await keyring.fingerprint(signal)}`;
    if (key === this.#key) return this.#files;
    const files = await archive.unpack(await keyring.decrypt(sealed.bytes, signal), signal);
    this.#key = key;
    this.#files = files;
    return files;
  }
}

/**
 * Decrypts and unpacks the bundle of a revision, in memory.
 *
 * @throws HoldfastError `KEYS_MISSING`, `KEYS_UNLOCK`, `KEYS_DECRYPT`, `KEYS_ARCHIVE`
 */
export async function openKeys(
  request: KeysRequest,
  { opened, ...ports }: BundlePorts & { readonly opened: OpenedBundle },
  signal: AbortSignal,
): Promise<OpenedKeys> {
  const { bundle, into } = request.paths;
  const sealed = request.files.get(bundle);
  if (!sealed || sealed.mode === "link") {
    throw new HoldfastError(
      "KEYS_MISSING",
      `Cannot open "${bundle}": it is not in the revision, needed by "keys.bundle"`,
      {
        retry: "next-revision",
        hint: `commit the bundle, or correct "keys.bundle" in "${request.manifest.file}"`,
      },
    );
  }
  const archive = await opened.open(sealed, ports, signal).catch((thrown: unknown) => {
    throw named(thrown, bundle);
  });
  return openedKeys(withoutTopFolder(archive, into.split("/").at(-1) ?? into), request);
}

/** Keys by their files, with the owner and the mode that the manifest gives them. */
export function openedKeys(unpacked: readonly KeyFile[], { manifest, paths, digestKey }: KeysRequest): OpenedKeys {
  const files = unpacked.map((file) => ownedFile(file, manifest));
  return { into: paths.into, files, facts: keyFacts(files, digestKey) };
}

/** Shorter texts stand in many a sentence. */
const leastSecret = 6;

/** Takes the text of keys out of words that others made: an Engine repeats the command that it cannot start. */
export function keyRedactor(keys: OpenedKeys | undefined): (text: string) => string {
  const secrets = (keys?.files ?? []).map(({ path, bytes }) => ({ path, text: new TextDecoder().decode(bytes).trim() }))
    .filter(({ text }) => text.length >= leastSecret);
  return (words) => secrets.reduce((rest, { path, text }) => rest.replaceAll(text, unopenedKey(path)), words);
}

/** Who opens a bundle gets its bytes alone: here its path is known. */
function named(thrown: unknown, bundle: string): unknown {
  if (!(thrown instanceof HoldfastError)) return thrown;
  const { code, retry, hint } = thrown;
  const message = thrown.message.replace("the keys bundle", `"${bundle}"`);
  return new HoldfastError(code, message, { retry, hint, cause: thrown.cause });
}

/** Facts of opened keys by path: what planners and policies may know. */
function keyFacts(files: readonly KeyFile[], key: DigestKey): KeyFacts {
  return new Map(files.map((file): [string, KeyFact] => [file.path, {
    size: file.bytes.length,
    mode: file.mode,
    uid: file.uid,
    gid: file.gid,
    digest: keyedDigest(key, file.bytes),
  }]));
}

/** `tar c keys-generated` puts everything below that folder: Compose files expect it in the folder of the same name. */
export function withoutTopFolder(files: readonly KeyFile[], name: string): KeyFile[] {
  const prefix = `${name}/`;
  if (!files.every((file) => file.path.startsWith(prefix))) return [...files];
  return files.map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
}

function ownedFile(file: KeyFile, manifest: Manifest): KeyFile {
  return { ...file, ...keyFileRule(manifest.keys?.files ?? [], file.path) };
}
