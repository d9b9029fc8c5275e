import { Option } from "commander";
import { HoldfastError } from "../../model/error.ts";
import type { BundleRecipients } from "../../ports/sealer.ts";
import { plural } from "../../report/words.ts";

/** As commander parses the options that name what opens a bundle. */
export interface UnlockFlags {
  readonly passphraseFile?: string;
  readonly privateKeyFile?: string;
}

export function passphraseFileOption(meaning: string): Option {
  return new Option("--passphrase-file <file>", meaning);
}

export function privateKeyFileOption(): Option {
  return new Option("--private-key-file <file>", "a private key, as gpg --export-secret-keys writes it");
}

export function missingSecret(bundle: string): HoldfastError {
  return new HoldfastError("USAGE", `Cannot open "${bundle}" without a secret`, {
    retry: "operator",
    hint: "give --passphrase-file FILE or --private-key-file FILE; a private key with a passphrase needs both",
  });
}

/** `a passphrase and 9A3F 02C1 77D0 4E5B`: ids as gpg prints them. */
export function describeRecipients({ byPassphrase, keyIds, hidden }: BundleRecipients): string {
  const parts = [
    ...(byPassphrase ? ["a passphrase"] : []),
    ...keyIds.map((id) => id.replaceAll(/(.{4})(?=.)/g, "$1 ")),
    ...(hidden > 0 ? [plural(hidden, "hidden recipient")] : []),
  ];
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
