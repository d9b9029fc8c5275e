import { compareText } from "../../model/issue.ts";
import { isIpAddress, isIpv6 } from "../../model/addresses.ts";
import { didYouMean } from "../suggest.ts";

/** A published port as the long form has it. */
export interface PortMapping {
  readonly hostIp: string;
  readonly target: number;
  /** A port, or a range of which one is taken; "" lets the Engine choose. */
  readonly published: string;
  readonly protocol: string;
}

/** A short port taken apart; `expandPorts` makes one mapping of each of its targets. */
export interface ShortPort {
  readonly kind: "port";
  readonly hostIp: string;
  readonly target: PortRange;
  /** undefined lets the Engine choose. */
  readonly published: PortRange | undefined;
  readonly protocol: string;
}

export type ParsedPort = ShortPort | { readonly kind: "invalid"; readonly reason: string; readonly hint?: string };

/** What the Engine can publish. */
export const protocols: readonly string[] = ["tcp", "udp", "sctp"];

/** Takes a short port (`IP:PUBLISHED:TARGET/PROTOCOL`, with ranges) apart. */
export function parsePort(text: string): ParsedPort {
  const parts = text.split(":");
  const container = parts.at(-1)!;
  const host = parts.at(-2) ?? "";
  const address = parts.slice(0, -2).join(":");
  const slash = container.indexOf("/");
  const range = slash === -1 ? container : container.slice(0, slash);
  const protocol = (slash === -1 ? "" : container.slice(slash + 1)).toLowerCase() || (range === "" ? "" : "tcp");
  if (!protocols.includes(protocol)) {
    if (range === "") return invalid("it names no port");
    const known = protocols.join(", ");
    return invalid(`the protocol "${protocol}" is none of ${known}`, didYouMean(protocol, protocols));
  }
  const bracketed = address.startsWith("[") && address.endsWith("]");
  const hostIp = bracketed ? address.slice(1, -1) : address;
  if (!bracketed && isIpv6(address)) return invalid(`the IPv6 address "${address}" needs brackets: [${address}]`);
  if (hostIp !== "" && !isIpAddress(hostIp)) return invalid(`"${address}" is no IP address`);
  const target = parsePortRange(range);
  if (!target) return invalid(`"${range}" is no port from 0 to 65535, nor a range of them`);
  if (target.start === 0) return invalid("a program in a container listens on a port from 1 to 65535, not on 0");
  const published = host === "" ? undefined : parsePortRange(host);
  if (host !== "" && !published) return invalid(`"${host}" is no port from 0 to 65535, nor a range of them`);
  const count = target.end - target.start + 1;
  if (published && count > 1 && published.end - published.start + 1 !== count) {
    return invalid(`the ranges ${host} and ${range} have different lengths`);
  }
  return { kind: "port", hostIp, target, published, protocol };
}

const slips: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/\{\{/, "write a variable as ${PORT}: templates are not filled in"],
  [/["'\u2018-\u201f]/u, 'take the quotes out, or write plain ones around the whole: "8080:80"'],
  [/^localhost:/, "write 127.0.0.1 in place of localhost"],
  [/^\d+:\d+\.\d+\.\d+\.\d+:/, "write the address first: 127.0.0.1:8080:80"],
  [/,/, "write each port, and each protocol of it, as an item of its own"],
  [/=|->/, "write : between the port of the host and that of the container"],
];

/** What to do about a common slip in a short port that cannot be read. */
export function portSlip(text: string): string | undefined {
  return slips.find(([pattern]) => pattern.test(text))?.[1];
}

/** How many mappings a short port stands for. */
export function countPorts({ target }: ShortPort): number {
  return target.end - target.start + 1;
}

/** One mapping for each target, in the order of their texts, as Compose has them. */
export function expandPorts(port: ShortPort): readonly PortMapping[] {
  const { hostIp, target, protocol } = port;
  const count = countPorts(port);
  const ports = Array.from({ length: count }, (_, index): PortMapping => ({
    hostIp,
    target: target.start + index,
    published: publishedText(port.published, { count, index }),
    protocol,
  }));
  return ports.sort((a, b) => compareText(String(a.target), String(b.target)));
}

function publishedText(range: PortRange | undefined, at: { readonly count: number; readonly index: number }): string {
  if (!range) return "";
  if (at.count === 1 && range.start !== range.end) return `${range.start}-${range.end}`;
  return String(range.start + at.index);
}

function invalid(reason: string, hint?: string): ParsedPort {
  return { kind: "invalid", reason, ...(hint !== undefined && { hint }) };
}

export interface PortRange {
  readonly start: number;
  readonly end: number;
}

/** `80` or `8000-8010`; undefined when it is no range of ports. */
export function parsePortRange(text: string): PortRange | undefined {
  const [first, second = first] = text.split("-");
  if (!/^\d+$/.test(first!) || !/^\d+$/.test(second!)) return undefined;
  const start = Number(first);
  const end = Number(second);
  return end <= 65_535 && start <= end ? { start, end } : undefined;
}

interface Exposed extends PortRange {
  readonly protocol: string;
}

/** An `expose` entry such as `80`, `80/udp` or `80-90`; undefined when it is none. */
export function parseExpose(text: string): Exposed | undefined {
  const [range = "", written = "tcp"] = text.split("/");
  const ports = parsePortRange(range);
  const protocol = written.toLowerCase();
  return ports && protocols.includes(protocol) ? { ...ports, protocol } : undefined;
}

/** How many ports an `expose` entry stands for. */
export function countExposed(text: string): number {
  const ports = parseExpose(text);
  return ports ? ports.end - ports.start + 1 : 0;
}

/** `80/tcp` for each port of an `expose` entry; none of what is no such entry. */
export function expandExposed(text: string): readonly string[] {
  const ports = parseExpose(text);
  return Array.from({ length: countExposed(text) }, (_, index) => `${ports!.start + index}/${ports!.protocol}`);
}
