import { join } from "node:path";
import type { DigestKey } from "../../model/digest.ts";
import type { RevisionFiles } from "../../model/files.ts";
import type { HostFiles } from "../../ports/host-files.ts";
import { applyMoves, checkRelative, observeCheckout } from "./_checkout.ts";
import { ContentCache } from "./_content-cache.ts";
import { digestFolder } from "./_digest-folder.ts";
import { attempt } from "./_errors.ts";
import { leadsTo, makeIntoLink, planIntoLink } from "./_into-link.ts";
import { currentKeysFolder, readKeys, switchKeys } from "./_keys-folder.ts";
import { lookAt } from "./_look.ts";
import { type CheckoutOwner, modesOf, planCheckout } from "./_plan-checkout.ts";
import { switchSecrets } from "./_secrets-folder.ts";
import { makeMemoryFolder, requireMemoryFolder } from "./_tmpfs.ts";

export interface HostFilesOptions {
  /** Absolute; made when it is missing. */
  readonly checkout: string;
  /**
   * `holdfast`: nobody else writes there, so whatever stands at a tracked path is an older revision's and modes are
   * exact. `operator` (default): a folder that was there before, such as an adopted clone; what no earlier revision
   * is known to have put there is never replaced.
   */
  readonly checkoutOwner?: CheckoutOwner;
  /** Absolute, on tmpfs: holds the deployment's `keys` and `secrets`. */
  readonly runtime: string;
  readonly digestKey: DigestKey;
}

/** The files of one deployment on the host. Each placement may be killed anywhere: the next one completes it. */
export function hostFiles(options: HostFilesOptions): HostFiles {
  const { checkout, runtime, digestKey, checkoutOwner: owner = "operator" } = options;
  const folders = { checkout, keys: join(runtime, "keys"), secrets: join(runtime, "secrets") };
  const caches = { checkout: new ContentCache(), keys: new ContentCache(), secrets: new ContentCache() };

  const planMoves = (files: RevisionFiles, previous: RevisionFiles | undefined, signal: AbortSignal) => {
    checkRelative([...files.keys(), ...previous?.keys() ?? []]);
    const order = { root: checkout, files, previous: previous ?? new Map(), owner };
    return attempt(`read "${checkout}"`, () => planCheckout(order, caches.checkout, signal));
  };

  return {
    folders,

    observe: (files, signal) =>
      observeCheckout(checkout, { files, cache: caches.checkout, modes: modesOf(owner) }, signal),

    async observeKeys(into, signal) {
      if (!await leadsTo(join(checkout, into), folders.keys)) return new Map();
      const folder = await currentKeysFolder(runtime);
      return folder ? await digestFolder(folder, { digestKey, cache: caches.keys }, signal) : new Map();
    },

    readKeys: (signal) => readKeys(runtime, signal),

    observeSecrets: (signal) => digestFolder(folders.secrets, { digestKey, cache: caches.secrets }, signal),

    async check({ files, previous, keys }, signal) {
      await planMoves(files, previous, signal);
      if (!keys) return;
      checkRelative([keys.into, ...keys.files.map(({ path }) => path)]);
      await planIntoLink({ checkout, into: keys.into, target: folders.keys, keys: keys.files });
      await requireMemoryFolder(runtime);
    },

    async placeCheckout(files, previous, signal) {
      await applyMoves(checkout, await planMoves(files, previous, signal), signal);
      caches.checkout.keepOnly({ has: (path) => files.has(path.slice(checkout.length + 1)) });
    },

    async placeKeys(keys, into, signal) {
      checkRelative([into, ...keys.map(({ path }) => path)]);
      const order = { checkout, into, target: folders.keys, keys };
      const act = await planIntoLink(order);
      await makeMemoryFolder(runtime);
      await switchKeys(runtime, keys, signal);
      await makeIntoLink(order, act);
    },

    async placeSecrets(files, signal) {
      checkRelative(files.map(({ path }) => path));
      if (files.length === 0 && lookAt(folders.secrets).kind === "missing") return;
      await makeMemoryFolder(folders.secrets);
      await switchSecrets(folders.secrets, files, signal);
    },
  };
}
