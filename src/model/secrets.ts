import { type DigestKey, keyedDigest } from "./digest.ts";

/** Words that, as a part of a name, say that its value is a secret. `KEY` is judged at the end of a word: `APIKEY`. */
const secretWord = /^(?:.*KEYS?|.*SECRETS?|.*TOKENS?|PASS|.*PASSW(?:OR)?DS?|.*PASSPHRASES?|.*CREDENTIALS?|.*JWT)$/;

/** User and password inside a URL, as in `mongodb://user:password@host`. */
const urlWithPassword = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/**
 * Whether a value is to be shown masked, judged by the name of its variable, label or field (`MINIO_SECRET_KEY`,
 * `apiToken`, `db.password`) and, where the value is given, by a password inside a URL.
 * It rather masks too much: a masked path harms nobody.
 */
export function looksSecret(name: string, value?: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase().split(/[^A-Z0-9]+/);
  if (words.some((word) => secretWord.test(word))) return true;
  if (words.length > 1 && words.includes("PWD")) return true;
  return value !== undefined && urlWithPassword.test(value);
}

const assignment = /([A-Za-z0-9_.-]+)(["']?\s*[=:]\s*["']?)([^\s"',;&]{4,})/g;
const passwordInUrl = /([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:)[^/\s@]+@/gi;
const bearer = /\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]{8,}/gi;

/** A line that somebody else wrote, without what reads like a secret: `password=…`, a password in a URL, a token. */
export function maskAssignments(line: string): string {
  return line.replace(passwordInUrl, "$1‹masked›@").replace(bearer, "$1 ‹masked›")
    .replace(assignment, (all, name: string, between: string) => looksSecret(name) ? `${name}${between}‹masked›` : all);
}

/** What plans, reports, logs and verdicts show instead of a secret: equal values give equal masks, nothing more. */
export function maskValue(digestKey: DigestKey, value: string): string {
  return `‹${keyedDigest(digestKey, value).slice(0, 8)}›`;
}

/** What stands for the text of a key where it is not to be seen, or the bundle is not open: `‹key secrets/minio›`. */
export function unopenedKey(path: string): string {
  return `‹key ${path}›`;
}

/** Whether a value holds the text of a key that is not open, so that nothing can be said of it. */
export function holdsUnopenedKey(value: string): boolean {
  return value.includes("‹key ");
}
