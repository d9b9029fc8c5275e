import { join } from "node:path";
import type { DigestKey } from "../../model/digest.ts";
import type { HostFiles } from "../../ports/host-files.ts";
import { placeCheckout } from "./checkout.ts";
import { FileDigests } from "./file-digests.ts";
import { observeCheckout } from "./observe-checkout.ts";
import { isLinkedTo, linkKeys, placeKeyFolder } from "./keys.ts";
import { placeSecretFiles } from "./secrets.ts";
import { requireTmpfs } from "./tmpfs.ts";

export interface HostFilesOptions {
  /** Absolute. */
  readonly checkout: string;
  /** The deployment's own folder below the runtime folder: absolute, on tmpfs. */
  readonly runtime: string;
  readonly digestKey: DigestKey;
}

/** The files of one deployment on the host: the checkout on disk, keys and secrets on tmpfs. */
export function hostFiles({ checkout, runtime, digestKey }: HostFilesOptions): HostFiles {
  const folders = { checkout, keys: join(runtime, "keys"), secrets: join(runtime, "secrets") };
  const digests = new FileDigests(digestKey);
  return {
    folders,
    observe: (files, signal) => observeCheckout(checkout, { files, digests }, signal),
    async observeKeys(into, signal) {
      if (!await isLinkedTo(join(checkout, into), folders.keys)) return new Map();
      return await digests.keyedBelow(folders.keys, signal);
    },
    observeSecrets: (signal) => digests.keyedBelow(folders.secrets, signal),
    placeCheckout: (files, previous, signal) => placeCheckout(checkout, { files, previous, digests }, signal),
    async placeKeys(keys, into, signal) {
      await requireTmpfs(runtime);
      await linkKeys(join(checkout, into), { keys, folder: folders.keys }, () => placeKeyFolder(runtime, keys, signal));
    },
    async placeSecrets(files, signal) {
      if (files.length > 0) await requireTmpfs(runtime);
      await placeSecretFiles(folders.secrets, files, signal);
    },
  };
}
