/** A short volume (`SOURCE:TARGET:OPTIONS`) taken apart. */
export interface ShortVolume {
  readonly kind: "volume";
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation: string;
  readonly selinux: string;
  readonly noCopy: boolean;
  /** Options that Compose ignores, for want of a meaning. */
  readonly ignored: readonly string[];
  /** false: the form of one or two characters, which Compose takes for a bare target. */
  readonly options: boolean;
}

export type ParsedVolume = ShortVolume | { readonly kind: "invalid"; readonly reason: string };

const propagations: ReadonlySet<string> = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

const anonymousVolume: ShortVolume = {
  kind: "volume",
  type: "volume",
  source: "",
  target: "",
  readOnly: false,
  propagation: "",
  selinux: "",
  noCopy: false,
  ignored: [],
  options: true,
};

/** Takes a short volume apart as Compose does, unknown options ignored. */
export function parseVolume(text: string): ParsedVolume {
  if (text === "") return { kind: "invalid", reason: "it is empty" };
  if (text.length <= 2) return { ...anonymousVolume, target: text, options: false };
  const sections = splitSections(text);
  if (sections.some((section) => section === "")) return { kind: "invalid", reason: "a part between colons is empty" };
  if (sections.length > 3) return { kind: "invalid", reason: "it has too many colons" };
  if (sections.length === 1) return { ...anonymousVolume, target: sections[0]! };
  const [source, target, options = ""] = sections as [string, string, string?];
  const given = options === "" ? [] : options.split(",");
  const ignored = given.filter((option) => !readOption(option));
  const type = isFilePath(source) ? "bind" : "volume";
  return Object.assign({ ...anonymousVolume, source, target, type, ignored }, ...given.map(readOption));
}

/** Taken by Docker for Mac, and of no effect elsewhere. */
const consistencies: ReadonlySet<string> = new Set(["cached", "consistent", "delegated"]);

/** @returns undefined for an option without a meaning */
function readOption(option: string): Partial<ShortVolume> | undefined {
  if (option === "ro") return { readOnly: true };
  if (option === "rw") return { readOnly: false };
  if (option === "nocopy") return { noCopy: true };
  if (option === "z" || option === "Z") return { selinux: option };
  if (propagations.has(option)) return { propagation: option };
  return consistencies.has(option) ? {} : undefined;
}

/** Splits at colons, but for the one of a Windows drive (`C:\data`) at the beginning of a part. */
function splitSections(text: string): string[] {
  const sections: string[] = [];
  let section = "";
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "$" && text[index + 1] === "{") depth++;
    else if (character === "}" && depth > 0) depth--;
    else if (character === ":" && depth === 0 && !/^\p{L}$/u.test(section)) {
      sections.push(section);
      section = "";
      continue;
    }
    section += character;
  }
  sections.push(section);
  return sections;
}

/** Whether a source is a path rather than the name of a volume. */
function isFilePath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^\p{L}:/u.test(source);
}
