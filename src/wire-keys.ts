import { systemClock } from "./adapters/clock/system-clock.ts";
import { keyDisk } from "./adapters/disk/key-disk.ts";
import { readSecretFile } from "./adapters/host-config/read-files.ts";
import { openpgpKeyring } from "./adapters/openpgp/keyring.ts";
import { openpgpSealer } from "./adapters/openpgp/sealer.ts";
import { tarArchive } from "./adapters/tar/archive.ts";
import { packTar } from "./adapters/tar/pack.ts";
import { inspectKeys, type KeysCommands, type KeysPorts, openBundle, sealKeys } from "./agent/keys.ts";

/** The keys commands: they need no agent.yaml. */
export function wireKeys(): KeysCommands {
  const readSecret = (path: string, option: string) => readSecretFile({ kind: "path", path }, option);
  const ports: KeysPorts = {
    disk: keyDisk(),
    archive: tarArchive(),
    pack: packTar,
    sealer: openpgpSealer(),
    clock: systemClock(),
    keyring: ({ passphraseFile, privateKeyFile }) =>
      openpgpKeyring({
        passphrase: passphraseFile === undefined ? undefined : () => readSecret(passphraseFile, "--passphrase-file"),
        privateKey: privateKeyFile === undefined ? undefined : () => readSecret(privateKeyFile, "--private-key-file"),
      }),
    readSecret,
  };
  return {
    sealKeys: (options, signal) => sealKeys(options, ports, signal),
    openKeys: (options, signal) => openBundle(options, ports, signal),
    inspectKeys: (options, signal) => inspectKeys(options, ports, signal),
  };
}
