/** An IP address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** The addresses from `first` to `last`, which are one subnet. */
export interface Subnet {
  readonly family: 4 | 6;
  /** As it is written, with the bits of a host if it has any. */
  readonly written: bigint;
  readonly first: bigint;
  readonly last: bigint;
}

/** An address of IPv4 or, without a zone, of IPv6. */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Four numbers up to 255, without leading zeros. */
function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Up to eight groups of hex digits, the last two as IPv4 perhaps; without a zone. */
export function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groupsOf = (half: string): string[] => half === "" ? [] : half.split(":");
  const groups = halves.flatMap(groupsOf);
  const last = groups.at(-1);
  let count = groups.length;
  if (last?.includes(".")) {
    if (!isIpv4(last)) return false;
    groups.pop();
    count++;
  }
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? count <= 7 : count === 8;
}

/** @returns undefined for a text that is no IP address */
export function parseAddress(text: string): Address | undefined {
  if (isIpv4(text)) return { family: 4, value: ipv4Value(text) };
  return isIpv6(text) ? { family: 6, value: ipv6Value(text) } : undefined;
}

/** `172.20.0.0/16`; undefined for a text that is no subnet. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, ip = "", digits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(ip);
  const width = address?.family === 4 ? 32 : 128;
  if (!address || Number(digits) > width) return undefined;
  const hostBits = BigInt(width - Number(digits));
  const first = (address.value >> hostBits) << hostBits;
  return { family: address.family, written: address.value, first, last: first + (1n << hostBits) - 1n };
}

/** Whether an address lies in a subnet. */
export function holdsAddress(subnet: Subnet, address: Address): boolean {
  return subnet.family === address.family && subnet.first <= address.value && address.value <= subnet.last;
}

/** Whether an address lies in both subnets. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/**
 * An address, or a subnet in CIDR form, in the one spelling of all that mean the same: IPv6 in lower case and
 * without its longest run of zeros, a subnet without the bits of a host. Other text stays as it is.
 */
export function canonicalAddress(text: string): string {
  const address = parseAddress(text);
  if (address) return writeAddress(address);
  const subnet = parseSubnet(text);
  return subnet
    ? `${writeAddress({ family: subnet.family, value: subnet.first })}/${Number(text.split("/")[1])}`
    : text;
}

function writeAddress({ family, value }: Address): string {
  const [count, bits] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: count },
    (_, index) => (value >> (bits * BigInt(count - 1 - index))) % (1n << bits),
  );
  if (family === 4) return parts.join(".");
  const text = parts.map((part) => part.toString(16)).join(":");
  const [longest = ""] = [...text.matchAll(/\b0(?::0)+\b/g)].map(([run]) => run).sort((a, b) => b.length - a.length);
  return longest === "" ? text : text.replace(new RegExp(`(^|:)${longest}(:|$)`), "::");
}

/** A MAC address in the one spelling of all that mean the same: bytes of lower case with colons. Other text stays as it is. */
export function canonicalMac(text: string): string {
  if (!isMacAddress(text)) return text;
  return text.replaceAll(/[-:.]/g, "").toLowerCase().match(/../g)!.join(":");
}

/** Six, eight or twenty bytes, as `02:42:ac:11:00:02`, `02-42-ac-11-00-02` or `0242.ac11.0002`. */
export function isMacAddress(text: string): boolean {
  const bytes = (count: number): RegExp =>
    new RegExp(`^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\\1[0-9a-f]{2}){${count - 2}}$`, "i");
  const dotted = (groups: number): RegExp => new RegExp(`^[0-9a-f]{4}(?:\\.[0-9a-f]{4}){${groups - 1}}$`, "i");
  return [bytes(6), bytes(8), bytes(20), dotted(3), dotted(4), dotted(10)].some((form) => form.test(text));
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const zeros = Array<bigint>(tail === undefined ? 0 : 8 - before.length - after.length).fill(0n);
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(half: string): readonly bigint[] {
  return half.split(":").filter((group) => group !== "").flatMap((group) => {
    if (!group.includes(".")) return [BigInt(`0x${group}`)];
    const value = ipv4Value(group);
    return [value >> 16n, value & 0xffffn];
  });
}
