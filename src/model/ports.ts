import { canonicalAddress, isIpv6 } from "./addresses.ts";
import type { PublishedPort } from "./container.ts";

/*
 * Which published ports of one host exclude each other, as Docker 20.10 to 28 has it: `0.0.0.0:80` and `[::]:80` run side
 * by side, and a port without an address takes both.
 */

/** Whether only one of two bindings can be had. A free choice of the Engine's meets nothing; a range, all of its ports. */
export function portsMeet(a: PublishedPort, b: PublishedPort): boolean {
  if (a.published === "" || b.published === "" || a.protocol !== b.protocol) return false;
  const [firstOfA = 0, lastOfA = firstOfA] = a.published.split("-").map(Number);
  const [firstOfB = 0, lastOfB = firstOfB] = b.published.split("-").map(Number);
  return firstOfA <= lastOfB && firstOfB <= lastOfA && addressesMeet(a.hostIp, b.hostIp);
}

/** Whether two bindings of one port meet. @param a a host's address, of either family; "" for all */
export function addressesMeet(a: string, b: string): boolean {
  const [ofA, ofB] = [coverage(a), coverage(b)];
  return families.some((family) => {
    const [one, other] = [ofA[family], ofB[family]];
    return one !== undefined && other !== undefined && (one === "any" || other === "any" || one === other);
  });
}

const families = ["ipv4", "ipv6"] as const;

/** What of each family an address takes. */
function coverage(address: string): { readonly ipv4?: string; readonly ipv6?: string } {
  if (address === "") return { ipv4: "any", ipv6: "any" };
  const plain = address.replace(/^\[(.*)\]$/, "$1");
  const value = canonicalAddress(plain);
  if (isIpv6(plain)) return { ipv6: value === canonicalAddress("::") ? "any" : value };
  return { ipv4: value === "0.0.0.0" ? "any" : value };
}
