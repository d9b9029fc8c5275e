import { hostFiles } from "../../../src/adapters/host-files/host-files.ts";
import type { RevisionFiles } from "../../../src/model/files.ts";
import type { KeyFile } from "../../../src/model/keys.ts";
import { keyFiles, never, revision, testKey } from "./_files.ts";

export interface Placed {
  readonly files: RevisionFiles;
  readonly keys: readonly KeyFile[];
  readonly secrets: readonly KeyFile[];
}

export interface Folders {
  readonly checkout: string;
  readonly runtime: string;
}

export const into = "conf/keys";

/** Two revisions with every kind of change between them, and a third that goes back on some. */
export const before: Placed = {
  files: revision({ "gone/old": "old", "kept": "kept", "turns": "a file", "edit": "one", "run": "script" }),
  keys: keyFiles({ "a.key": "key a", "deep/b.key": "key b" }),
  secrets: keyFiles({ "db": "first", "gone": "g" }),
};
export const after: Placed = {
  files: revision({
    "edit": "two",
    "kept": "kept",
    "new/deep/er": "new",
    "run": { executable: "script" },
    "turns/in": { link: "../edit" },
  }),
  keys: keyFiles({ "a.key": "key a", "deep/b.key": "KEY B" }),
  secrets: keyFiles({ "db": "second" }),
};
export const third: Placed = {
  files: revision({ "edit": "three", "kept": { link: "edit" }, "turns": "a file" }),
  keys: keyFiles({ "deep/b.key": "key b" }),
  secrets: [],
};

export function open(folders: Folders) {
  return hostFiles({ ...folders, digestKey: testKey });
}

export async function place(folders: Folders, placed: Placed, previous: RevisionFiles | undefined): Promise<void> {
  const files = open(folders);
  await files.placeCheckout(placed.files, previous, never);
  await files.placeKeys(placed.keys, into, never);
  await files.placeSecrets(placed.secrets, never);
}
