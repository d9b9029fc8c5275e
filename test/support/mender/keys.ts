import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { output } from "../command.ts";
import { gpgHome } from "../gpg.ts";

/**
 * Writes certificates and keys as Mender 2.2's own key generator lays them out, with names in SAN as well as in CN:
 *
 *     certs/{api-gateway,storage-proxy}/{cert.crt,private.key}   P-256, self-signed, ten years
 *     certs/server.crt                                           both certificates, for devices
 *     keys/{deviceauth,useradm}/private.key                      RSA 3072, PKCS#1
 *
 * @param folder made if missing; its last part is `keys-generated` in a bundle
 * @param hosts the DNS names of gateway and storage
 */
export async function makeKeys(
  folder: string,
  hosts: { readonly api: string; readonly storage: string },
): Promise<void> {
  const [api, storage] = await Promise.all([
    makeCertificate(join(folder, "certs/api-gateway"), hosts.api),
    makeCertificate(join(folder, "certs/storage-proxy"), hosts.storage),
    makeTokenKey(join(folder, "keys/deviceauth")),
    makeTokenKey(join(folder, "keys/useradm")),
  ]);
  await writeFile(join(folder, "certs/server.crt"), Buffer.concat([api, storage]));
}

/**
 * Makes a fresh certificate and private key for a name, in place.
 *
 * @returns the certificate's PEM
 */
export async function makeCertificate(folder: string, host: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true });
  const certificate = join(folder, "cert.crt");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256", "-days", "3650"];
  const names = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  await output("openssl", [
    "req",
    "-x509",
    ...curve,
    ...names,
    "-keyout",
    join(folder, "private.key"),
    "-out",
    certificate,
  ]);
  return await readFile(certificate);
}

/** PKCS#1, the one form that deviceauth 2.1 and useradm 1.9 read; OpenSSL 3 calls it traditional. */
async function makeTokenKey(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const key = await output("openssl", ["genrsa", "3072"]);
  await output("openssl", ["rsa", "-traditional", "-out", join(folder, "private.key")], { input: key });
}

/**
 * Seals a folder exactly as Mender's guide does: `tar c FOLDER | gpg --output BUNDLE --symmetric`, with gpg's own
 * defaults and a keyring of its own.
 */
export async function sealKeys(folder: string, passphrase: string, bundle: string): Promise<void> {
  await using gpg = gpgHome();
  await writeFile(bundle, await gpg.sealSymmetric(folder, passphrase));
}
