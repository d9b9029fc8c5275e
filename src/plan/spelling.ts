import { canonicalAddress } from "../model/addresses.ts";

/*
 * Values that may be written in several ways, each in the one spelling to compare by. The Engine repeats some as they
 * were sent, and rewrites others: both sides of a comparison go through here. What is no value of its kind stays as it is.
 */

/** An absolute path as the Engine and runc clean it: `/var/../var//` is `/var`. */
export function canonicalPath(path: string): string {
  if (!path.startsWith("/")) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Compose sends `CAP_X`, people write `X` or `x`. */
export function canonicalCapability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}

/** `15`, `TERM`, `term` and `SIGTERM` are one. */
export function canonicalSignal(signal: string): string {
  const name = signalNames[signal] ?? signal;
  return `SIG${name.toUpperCase().replace(/^SIG/, "")}`;
}

/** Numbers as Linux counts them, on every platform that Docker runs on. */
const signalNames: Readonly<Record<string, string>> = {
  1: "HUP",
  2: "INT",
  3: "QUIT",
  6: "ABRT",
  9: "KILL",
  10: "USR1",
  12: "USR2",
  13: "PIPE",
  14: "ALRM",
  15: "TERM",
  17: "CHLD",
  18: "CONT",
  19: "STOP",
  20: "TSTP",
  28: "WINCH",
};

/** `seccomp:unconfined` is `seccomp=unconfined`, and `no-new-privileges` has `true` behind it. */
export function canonicalSecurityOption(option: string): string {
  const [, name = option, value = "true"] = /^([^:=]+)[:=](.*)$/s.exec(option) ?? [];
  return `${name}=${value}`;
}

/** The letters of a device's permissions in the order in which people read them: `mr` is `rm`. */
export function canonicalPermissions(letters: string): string {
  return [..."rwm"].filter((letter) => letters.includes(letter)).join("");
}

/** `host=[::1]` is `host:0:0:0:0:0:0:0:1`. */
export function canonicalHost(entry: string): string {
  const [, name = entry, address = ""] = /^([^:=]+)[:=](.*)$/.exec(entry) ?? [];
  return `${name}:${canonicalAddress(address.replace(/^\[(.*)\]$/, "$1"))}`;
}

/** `c 1:3 mr` is `c 1:3 rm`. */
export function canonicalDeviceRule(rule: string): string {
  const [, device = "", letters = ""] = /^(.*\s)([rwm]+)$/.exec(rule.trim()) ?? [];
  return device === "" ? rule : `${device.replaceAll(/\s+/g, " ")}${canonicalPermissions(letters)}`;
}
