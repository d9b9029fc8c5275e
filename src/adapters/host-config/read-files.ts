import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentConfig } from "../../config/agent-config.ts";
import { HoldfastError } from "../../model/error.ts";

/** What a `…File` key holds: an absolute path, or `credential:NAME` for a credential that systemd hands to the service. */
export type FileReference = NonNullable<DeploymentConfig["unlock"]["passphraseFile"]>;

/** No passphrase, token or certificate list is larger. */
const maxBytes = 1 << 20;

/**
 * The text of agent.yaml.
 *
 * @throws HoldfastError `CONFIG_READ`
 */
export async function readConfigFile(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new HoldfastError("CONFIG_READ", `Cannot read "${path}": ${reason(cause)}`, {
      retry: "operator",
      hint: `name the configuration with --config FILE; "holdfast install --no-start" writes one to start from`,
      cause,
    });
  }
}

/**
 * The bytes of a `…File` value: read anew each time, so that a rotated token needs no restart.
 *
 * @param what for the error, such as `unlock.passphraseFile`; the content is never part of it
 * @throws HoldfastError `CONFIG_READ`
 */
export async function readSecretFile(reference: FileReference, what: string): Promise<Uint8Array> {
  const path = secretPath(reference, what);
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new Error(`it has ${size} bytes, at most ${maxBytes} are read`);
    return await readFile(path);
  } catch (cause) {
    throw new HoldfastError("CONFIG_READ", `Cannot read "${path}" (${what}): ${reason(cause)}`, {
      retry: "operator",
      hint: "the file must be there and readable for the agent",
      cause,
    });
  }
}

/**
 * A `…File` value that is one line of text, without its line end.
 *
 * @throws HoldfastError `CONFIG_READ`, also when it is empty or has more lines
 */
export async function readSecretLine(reference: FileReference, what: string): Promise<string> {
  const text = new TextDecoder().decode(await readSecretFile(reference, what)).replace(/\r?\n$/, "");
  if (text !== "" && !/[\r\n]/.test(text)) return text;
  const found = text === "" ? "it is empty" : "it has more than one line";
  throw new HoldfastError("CONFIG_READ", `Cannot use "${secretPath(reference, what)}" (${what}): ${found}`, {
    retry: "operator",
    hint: "write the value into it, on one line",
  });
}

function secretPath(reference: FileReference, what: string): string {
  if (reference.kind === "path") return reference.path;
  const { name } = reference;
  const folder = process.env["CREDENTIALS_DIRECTORY"];
  if (folder) return join(folder, name);
  throw new HoldfastError(
    "CONFIG_READ",
    `Cannot read credential "${name}" (${what}): systemd handed no credentials to this process`,
    {
      retry: "operator",
      hint:
        `it gives them to the service alone: start it, or run this one command with it: systemd-run --pipe --wait ` +
        `-p LoadCredential=${name}:/path holdfast …; where it is the service that says so, add that line to the unit`,
    },
  );
}

function reason(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  return code ?? message;
}
