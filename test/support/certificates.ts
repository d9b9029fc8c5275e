import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "./command.ts";
import { type Removable, removable } from "./removable.ts";
import { tempFolder } from "./temp.ts";

export interface Certificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

export type Authority = Removable & {
  /** File of its certificate, PEM: a `caFile`. */
  readonly caFile: string;
  readonly cert: string;
  /**
   * A server's certificate.
   *
   * @param names DNS names and addresses; the first is the subject too
   * @param days until it expires; negative: it has expired
   */
  certify(names: readonly string[], days?: number): Promise<Certificate>;
};

/** Makes a certificate authority of its own with openssl. */
export async function createAuthority(): Promise<Authority> {
  const folder = tempFolder("ca");
  const file = (name: string): string => join(folder.path, name);
  const openssl = (...args: string[]): Promise<Buffer> => output("openssl", args, { cwd: folder.path });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "30",
    "-subj",
    "/CN=Test CA",
  );
  let serial = 0;
  return removable({
    caFile: file("ca.pem"),
    cert: readFileSync(file("ca.pem"), "utf8"),
    async certify(names: readonly string[], days = 30) {
      const name = `server-${++serial}`;
      const alternatives = names.map((host) => `${/^[\d.]+$|:/.test(host) ? "IP" : "DNS"}:${host}`).join(",");
      writeFileSync(file(`${name}.ext`), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n`);
      await openssl("req", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${names[0]}`);
      await openssl(
        ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", `${serial + 1}`],
        ...["-days", `${days}`, "-extfile", `${name}.ext`, "-out", `${name}.pem`],
      );
      return { key: readFileSync(file(`${name}.key`), "utf8"), cert: readFileSync(file(`${name}.pem`), "utf8") };
    },
  }, folder.dispose);
}
