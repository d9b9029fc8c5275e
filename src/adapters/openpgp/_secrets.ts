import { HoldfastError } from "../../model/error.ts";
import { unusableSecret } from "./_errors.ts";

/**
 * A passphrase as text, without one newline at its end.
 *
 * @throws HoldfastError `KEYS_UNLOCK`
 */
export async function readPassphrase(read: () => Promise<Uint8Array | string>): Promise<string> {
  const bytes = await readSecret(read, "passphrase");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw unusableSecret("the passphrase is not UTF-8 text", "write it as text into unlock.passphraseFile");
  }
  if (text === "") throw unusableSecret("the passphrase is empty", "write it into unlock.passphraseFile");
  return text;
}

/** @throws HoldfastError `KEYS_UNLOCK` */
export async function readSecret(read: () => Promise<Uint8Array | string>, what: string): Promise<Uint8Array> {
  try {
    return toBytes(await read());
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    const found = error instanceof HoldfastError ? message.replace(/^Cannot read/, "cannot read") : message;
    throw unusableSecret(`the ${what} cannot be read: ${found}`, hint ?? "make its file readable for holdfast", error);
  }
}

export function toBytes(secret: Uint8Array | string): Uint8Array {
  return typeof secret === "string" ? Buffer.from(secret) : secret;
}
