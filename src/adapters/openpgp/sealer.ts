import type { Sealer } from "../../ports/sealer.ts";
import { readPassphrase } from "./_secrets.ts";

/** @param maxBytes of a sealed message; default 64 MB, as the keyring has it */
export function openpgpSealer(maxBytes = 64 << 20): Sealer {
  return {
    async seal(bytes, to, format) {
      const { sealSymmetric, sealToRecipients } = await import("./seal.ts"); // openpgp costs time and memory at the start
      if (to.kind === "passphrase") {
        return await sealSymmetric(bytes, await readPassphrase(() => Promise.resolve(to.passphrase)), { format });
      }
      return await sealToRecipients(bytes, to.publicKeys.map(keyForm), { format, recipients: "named" });
    },
    async recipients(message) {
      const { readRecipients } = await import("./_open-message.ts");
      return await readRecipients(message, maxBytes);
    },
  };
}

/** A binary key begins with a packet's tag, whose highest bit is set. */
function keyForm(key: Uint8Array): string | Uint8Array {
  return key.length > 0 && key[0]! >= 0x80 ? key : Buffer.from(key).toString("latin1");
}
