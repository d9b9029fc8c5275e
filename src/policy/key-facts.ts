import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateFact, PemFacts, PrivateKeyFact } from "../model/certificates.ts";
import { compareText } from "../model/issue.ts";

/** Larger files are no PEM text, and are not searched for it. */
const maxBytes = 1 << 20;
const marker = "-----BEGIN ";
const block = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The facts of every file that holds certificates or private keys as PEM, by its path. */
export function pemFactsByPath(
  files: Iterable<{ readonly path: string; readonly bytes: Uint8Array }>,
): ReadonlyMap<string, PemFacts> {
  const found = [...files].flatMap(({ path, bytes }) => {
    const facts = pemFacts(bytes);
    return facts ? [[path, facts] as const] : [];
  });
  return new Map(found.sort(([a], [b]) => compareText(a, b)));
}

/** The certificates and private keys that a file holds as PEM; undefined when it holds none. */
export function pemFacts(bytes: Uint8Array): PemFacts | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.byteLength > maxBytes || !buffer.includes(marker)) return undefined;
  const certificates: CertificateFact[] = [];
  const privateKeys: PrivateKeyFact[] = [];
  const damaged: string[] = [];
  for (const [pem, label] of buffer.toString("latin1").matchAll(block)) {
    const facts = label === "CERTIFICATE"
      ? certificateFact(pem)
      : label!.endsWith("PRIVATE KEY")
      ? privateKeyFact(pem, label!)
      : "other";
    if (facts === undefined) damaged.push(label!);
    else if (facts === "other") continue;
    else if ("subject" in facts) certificates.push(facts);
    else privateKeys.push(facts);
  }
  if (certificates.length + privateKeys.length + damaged.length === 0) return undefined;
  return { certificates, privateKeys, damaged };
}

function certificateFact(pem: string): CertificateFact | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const sans = alternativeNames(certificate.subjectAltName ?? "");
    const commonName = /^CN=(.*)$/m.exec(certificate.subject)?.[1]?.toLowerCase();
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      names: [...new Set([...sans, ...(commonName === undefined ? [] : [commonName])])],
      sans,
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
      selfSigned: certificate.subject === certificate.issuer,
      fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
      publicKeyDigest: publicKeyDigest(certificate.publicKey),
    };
  } catch {
    return undefined; // counted as damaged: the text of a parser's error may quote what it read
  }
}

function privateKeyFact(pem: string, pemType: string): PrivateKeyFact | undefined {
  if (pemType === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    return { algorithm: "", pemType, encrypted: true, publicKeyDigest: "" };
  }
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return {
      algorithm: key.asymmetricKeyType ?? "",
      ...(bits === undefined ? {} : { bits }),
      pemType,
      encrypted: false,
      publicKeyDigest: publicKeyDigest(createPublicKey(key)),
    };
  } catch {
    return undefined;
  }
}

function publicKeyDigest(key: KeyObject): string {
  return createHash("sha256").update(key.export({ type: "spki", format: "der" })).digest("hex");
}

function alternativeNames(text: string): string[] {
  const names = [...text.matchAll(/(?:^|, )(?:DNS|IP Address):([^,"]+)/g)].map((match) => match[1]!.toLowerCase());
  return [...new Set(names)];
}

function oneLine(name: string): string {
  return name.trim().split("\n").join(", ");
}
