/** An entry of `tmpfs` (`TARGET:OPTION,OPTION`) taken apart. */
export interface ShortTmpfs {
  readonly target: string;
  readonly options: readonly string[];
}

/** Takes an entry of `tmpfs` apart, whatever its target and options are. */
export function parseTmpfs(text: string): ShortTmpfs {
  const colon = text.indexOf(":");
  if (colon === -1) return { target: text, options: [] };
  return { target: text.slice(0, colon), options: text.slice(colon + 1).split(",").filter((option) => option !== "") };
}
