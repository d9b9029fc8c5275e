import { canDerive, deriveKey } from "./_s2k.ts";

/** Of openpgp's packets that hold an S2K (session keys, secret keys): the part that is used here. */
interface OpenpgpS2k {
  readonly type: string;
  readonly algorithm: number;
  readonly salt: Uint8Array | null;
  getCount(): number;
  produceKey(passphrase: string, keyBytes: number): Promise<Uint8Array>;
}

/** Lets a packet of openpgp derive its key chunk by chunk; one with another kind of S2K is left as it is. */
export function lightenS2k(packet: object): void {
  const s2k = (packet as { s2k?: OpenpgpS2k | null }).s2k;
  if (!s2k || !canDerive(s2k.algorithm)) return;
  const { type, algorithm: hash } = s2k;
  if (type !== "simple" && type !== "salted" && type !== "iterated") return;
  const salt = s2k.salt ?? new Uint8Array();
  const count = s2k.getCount();
  s2k.produceKey = (passphrase, keyBytes) =>
    Promise.resolve(deriveKey({ type, hash, salt, count }, passphrase, keyBytes));
}
