import { unsafe } from "./errors.ts";

/** Characters that macOS ignores in names: a name that holds them can be `.git` there. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
const maxNameBytes = 255;

/**
 * Refuses the name of a tree's entry that could leave its folder, be taken for git's own folder on any file system, or
 * be misread on a terminal.
 *
 * @param entry.where gives the whole path, quoted, for the message
 * @param entry.link a link may not be called like a file from which git takes instructions
 * @throws HoldfastError `SOURCE_UNSAFE`
 */
export function refuseName(name: string, entry: { readonly where: () => string; readonly link: boolean }): void {
  const found = whatIsWrong(name, entry.link);
  if (found) throw unsafe(entry.where(), found, "rename it and push");
}

function whatIsWrong(name: string, link: boolean): string | undefined {
  if (name === "") return "its name is empty";
  if (name === "." || name === "..") return "its name leaves its folder";
  if (/[/\\]/.test(name)) return "its name holds a slash or backslash";
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) return "its name holds a control character";
  if (/^[A-Za-z]:/.test(name)) return "its name starts with a drive letter";
  if (Buffer.byteLength(name) > maxNameBytes) return `its name is longer than ${maxNameBytes} bytes`;
  if (isGitFolder(name)) return "its name can stand for git's own folder";
  if (link && isGitFile(name)) return "git takes instructions from a file of this name, and it is a link";
  return undefined;
}

/** `.git`, and every name that a case-insensitive, NTFS or HFS+ file system takes for it. */
export function isGitFolder(name: string): boolean {
  const plain = plainName(name);
  return plain === ".git" || /^(git|gi7eba)~\d+$/.test(plain);
}

function isGitFile(name: string): boolean {
  const plain = plainName(name);
  return /^\.(gitmodules|gitattributes|gitignore|mailmap)$/.test(plain) || /^(gitmod|gi7eba|gi7d29)~\d+$/.test(plain);
}

/** NTFS drops trailing dots and spaces and reads `:` as the start of a stream's name; HFS+ ignores some characters. */
function plainName(name: string): string {
  return name.replace(ignorable, "").toLowerCase().replace(/:.*$/s, "").replace(/[. ]+$/, "");
}
