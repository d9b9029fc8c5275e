import { execFileSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { output } from "./command.ts";
import { type Removable, removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";

export interface NewKey {
  /** `Ops <ops@example.com>` */
  readonly userId: string;
  /** "" makes a key without protection. */
  readonly passphrase?: string;
  /**
   * `future-default` (here the default): ed25519 with cv25519 for encryption; `default`: rsa3072 for both; the name of a
   * curve: without a part for encryption.
   */
  readonly algorithm?: string;
  /** As gpg takes it: `never` (default), `1d`, `seconds=1`. */
  readonly expires?: string;
}

/** The real gpg in a GNUPGHOME of its own. */
export type Gpg = Removable & {
  /** GNUPGHOME. */
  readonly home: string;
  /** Runs gpg with any arguments; a passphrase goes through a file descriptor. */
  run(
    args: readonly string[],
    more?: { readonly input?: string | Uint8Array; readonly passphrase?: string },
  ): Promise<Buffer>;
  /** @returns the key's fingerprint, 40 hex digits */
  generateKey(key: NewKey): Promise<string>;
  /** ASCII-armored. */
  exportPublic(fingerprint: string): Promise<string>;
  /** ASCII-armored, still protected by its passphrase. */
  exportSecret(fingerprint: string, passphrase?: string): Promise<string>;
  /** What the operator's guide does: `tar c DIR | gpg --symmetric`, with gpg's own defaults. */
  sealSymmetric(folder: string, passphrase: string, args?: readonly string[]): Promise<Buffer>;
  /** `tar c DIR | gpg --encrypt` to all of these fingerprints. */
  sealTo(folder: string, fingerprints: readonly string[], args?: readonly string[]): Promise<Buffer>;
  decrypt(message: Uint8Array, passphrase?: string): Promise<Buffer>;
};

/** Makes an empty GNUPGHOME; `dispose()` ends its gpg-agent. */
export function gpgHome(): Gpg {
  const { path: home, dispose } = tempFolder("gpg");
  const env = { PATH: process.env["PATH"], HOME: home, GNUPGHOME: home, LC_ALL: "C" };
  const run: Gpg["run"] = (args, { input, passphrase } = {}) => {
    const unlock = passphrase === undefined ? [] : ["--pinentry-mode", "loopback", "--passphrase-fd", "3"];
    const trust = ["--batch", "--yes", "--quiet", "--no-permission-warning", "--trust-model", "always"];
    return output("gpg", [...trust, ...unlock, ...args], { env, input, secret: passphrase });
  };
  const endAgent = (): void => void execFileSync("gpgconf", ["--kill", "all"], { env });
  return removable(
    {
      home,
      run,
      async generateKey({ userId, passphrase = "", algorithm = "future-default", expires = "never" }: NewKey) {
        const make = ["--status-fd", "1", "--quick-generate-key", userId, algorithm, "default", expires];
        const status = await run(make, { passphrase });
        return /KEY_CREATED \S+ ([0-9A-F]{40})/.exec(status.toString())![1]!;
      },
      exportPublic: async (fingerprint: string) => (await run(["--armor", "--export", fingerprint])).toString(),
      exportSecret: async (fingerprint: string, passphrase = "") =>
        (await run(["--armor", "--export-secret-keys", fingerprint], { passphrase })).toString(),
      sealSymmetric: async (folder: string, passphrase: string, args: readonly string[] = []) =>
        run([...args, "--symmetric", "--output", "-"], { input: await tar(folder), passphrase }),
      sealTo: async (folder: string, fingerprints: readonly string[], args: readonly string[] = []) => {
        const recipients = fingerprints.flatMap((fingerprint) => ["--recipient", fingerprint]);
        return run([...args, ...recipients, "--encrypt", "--output", "-"], { input: await tar(folder) });
      },
      decrypt: (message: Uint8Array, passphrase = "") => run(["--decrypt"], { input: message, passphrase }),
    },
    async () => {
      endAgent();
      await dispose();
    },
    endAgent,
  );
}

/** As `tar c keys-generated` in the folder that holds it: the folder's own name is the archive's top. */
function tar(folder: string): Promise<Buffer> {
  return output("tar", ["--create", "--directory", dirname(folder), basename(folder)]);
}
