import type { PemFacts } from "../model/certificates.ts";
import { HoldfastError } from "../model/error.ts";
import { quoteText } from "../model/escape.ts";
import type { KeyFile } from "../model/keys.ts";
import { pemFacts } from "../policy/key-facts.ts";
import type { Archive, PackArchive } from "../ports/archive.ts";
import type { Clock } from "../ports/clock.ts";
import type { KeyDisk } from "../ports/key-disk.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { BundleRecipients, Sealer, SealTo } from "../ports/sealer.ts";
import { withoutTopFolder } from "./open-keys.ts";

/** Files that hold what opens a bundle. A private key that has a passphrase needs both. */
export interface UnlockFiles {
  readonly passphraseFile?: string;
  readonly privateKeyFile?: string;
}

export interface SealKeysOptions {
  readonly folder: string;
  /** The bundle; replaced when it is there. */
  readonly output: string;
  readonly to:
    | { readonly kind: "passphrase"; readonly file: string }
    /** Files of public keys. */
    | { readonly kind: "recipients"; readonly files: readonly string[] };
  readonly format: "binary" | "armored";
}

export interface SealedKeys {
  readonly output: string;
  /** Of the bundle. */
  readonly size: number;
  readonly fileCount: number;
  readonly sealedTo: BundleRecipients;
}

export interface OpenKeysOptions extends UnlockFiles {
  readonly bundle: string;
  /** A folder that is not there, or empty. */
  readonly output: string;
  /** `strict`: no file is open to others than its owner; `bundle`: modes, and as root owners, as in the bundle. */
  readonly modes: "strict" | "bundle";
}

export interface OpenedFolder {
  readonly output: string;
  readonly fileCount: number;
  /** Files that are open to fewer users than the bundle has it. */
  readonly stricterCount: number;
  readonly storage: "memory" | "disk";
}

export interface InspectKeysOptions extends UnlockFiles {
  readonly bundle: string;
}

export interface InspectedKeys {
  readonly sealedTo: BundleRecipients;
  /** Sorted by path; undefined without a secret. */
  readonly files?: readonly InspectedKey[];
}

/** What may be shown of one key: never its bytes. */
export interface InspectedKey {
  /** As in the archive, with its top folder. */
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly pem?: PemFacts;
}

/** The use cases behind the keys commands: they work on files, without agent.yaml. */
export interface KeysCommands {
  /**
   * Seals a folder of keys into a bundle that the agent, and gpg, open.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND`, `KEYS_ARCHIVE`, `KEYS_UNLOCK`, `CONFIG_READ`, `HOST_FILES`; `USAGE` for a
   *   bundle inside the folder
   */
  sealKeys(options: SealKeysOptions, signal: AbortSignal): Promise<SealedKeys>;

  /**
   * Opens a bundle into a folder of its own. A top folder of the same name is taken for the folder itself, as the agent
   * does with `keys.into`.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND`, `SOURCE_LIMIT`, `KEYS_UNLOCK`, `KEYS_DECRYPT`, `KEYS_ARCHIVE`, `HOST_FILES`
   */
  openKeys(options: OpenKeysOptions, signal: AbortSignal): Promise<OpenedFolder>;

  /**
   * What a bundle is sealed to and, with a secret that opens it, what it holds.
   *
   * @throws HoldfastError `SOURCE_NOT_FOUND`, `SOURCE_LIMIT`, `KEYS_UNLOCK`, `KEYS_DECRYPT`, `KEYS_ARCHIVE`
   */
  inspectKeys(options: InspectKeysOptions, signal: AbortSignal): Promise<InspectedKeys>;
}

/** What the keys commands work with. */
export interface KeysPorts {
  readonly disk: KeyDisk;
  readonly archive: Archive;
  readonly pack: PackArchive;
  readonly sealer: Sealer;
  readonly clock: Clock;
  keyring(files: UnlockFiles): Keyring;
  /** @param option for the error: `--recipient` @throws HoldfastError `CONFIG_READ` */
  readSecret(file: string, option: string): Promise<Uint8Array>;
}

/** @see KeysCommands */
export async function sealKeys(options: SealKeysOptions, ports: KeysPorts, signal: AbortSignal): Promise<SealedKeys> {
  const { folder, output, format } = options;
  if (await ports.disk.isBelow(output, folder)) {
    throw new HoldfastError("USAGE", `Cannot write the bundle ${quoteText(output)} into the folder that it seals`, {
      retry: "operator",
      hint: `name a file outside of ${quoteText(folder)} with --output`,
    });
  }
  const tree = await ports.disk.readFolder(folder);
  const tar = await ports.pack(tree, ports.clock.now());
  await ports.archive.unpack(tar, signal).catch((thrown: unknown) => { // what the agent would refuse is not sealed
    throw reworded(thrown, (text) => text.replace("unpack the keys bundle", `seal ${quoteText(folder)}`));
  });
  const sealed = await withOptionNames(async () => ports.sealer.seal(tar, await readSealTo(options, ports), format));
  signal.throwIfAborted();
  await ports.disk.writeFile(output, sealed);
  const sealedTo = await ports.sealer.recipients(sealed);
  return { output, size: sealed.length, fileCount: tree.files.length, sealedTo };
}

async function readSealTo({ to }: SealKeysOptions, { readSecret }: KeysPorts): Promise<SealTo> {
  if (to.kind === "passphrase") {
    return { kind: "passphrase", passphrase: await readSecret(to.file, "--passphrase-file") };
  }
  const publicKeys = await Promise.all(to.files.map((file) => readSecret(file, "--recipient")));
  return { kind: "recipients", publicKeys };
}

/** @see KeysCommands.openKeys */
export async function openBundle(
  options: OpenKeysOptions,
  ports: KeysPorts,
  signal: AbortSignal,
): Promise<OpenedFolder> {
  const { output, modes } = options;
  const archived = await readBundle(options, ports, signal);
  const name = output.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const files = withoutTopFolder(archived, name).map((file) =>
    modes === "strict" ? { ...file, mode: file.mode & 0o600 } : file
  );
  const storage = await ports.disk.storage(output);
  signal.throwIfAborted();
  await ports.disk.writeFolder(output, files, modes === "strict" ? "own" : "kept");
  const stricter = archived.filter(({ mode }) => modes === "strict" && (mode & 0o600) !== mode);
  return { output, fileCount: files.length, stricterCount: stricter.length, storage };
}

/** @see KeysCommands */
export async function inspectKeys(
  options: InspectKeysOptions,
  ports: KeysPorts,
  signal: AbortSignal,
): Promise<InspectedKeys> {
  const sealedTo = await ports.sealer.recipients(await ports.disk.readFile(options.bundle))
    .catch((thrown: unknown) => {
      throw named(thrown, options.bundle);
    });
  if (options.passphraseFile === undefined && options.privateKeyFile === undefined) return { sealedTo };
  const files = await readBundle(options, ports, signal);
  return { sealedTo, files: files.map(inspect) };
}

async function readBundle(
  { bundle, ...files }: InspectKeysOptions,
  { disk, archive, keyring }: KeysPorts,
  signal: AbortSignal,
): Promise<readonly KeyFile[]> {
  const message = await disk.readFile(bundle);
  try {
    const tar = await withOptionNames(() => keyring(files).decrypt(message, signal));
    return await archive.unpack(tar, signal);
  } catch (thrown) {
    throw named(thrown, bundle);
  }
}

function inspect({ path, bytes, mode, uid, gid }: KeyFile): InspectedKey {
  const pem = pemFacts(bytes);
  return { path, size: bytes.length, mode, uid, gid, ...(pem ? { pem } : {}) };
}

function named(thrown: unknown, bundle: string): unknown {
  return reworded(thrown, (text) => text.replace("the keys bundle", quoteText(bundle)));
}

/** The keyring speaks of agent.yaml's keys; here they are options of the command line. */
async function withOptionNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw reworded(thrown, (text) =>
      text.replaceAll("into unlock.", "into the file of unlock.")
        .replaceAll("set unlock.", "give unlock.")
        .replaceAll("unlock.passphraseFile", "--passphrase-file")
        .replaceAll("unlock.privateKeyFile", "--private-key-file"));
  }
}

function reworded(thrown: unknown, reword: (text: string) => string): unknown {
  if (!(thrown instanceof HoldfastError)) return thrown;
  const { code, retry, hint, cause } = thrown;
  return new HoldfastError(code, reword(thrown.message), { retry, hint: reword(hint), cause });
}
