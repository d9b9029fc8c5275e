import { nearestWord } from "../model/nearest.ts";

/** Longer words are no misspelled keys, and comparing them takes time. */
const longestWord = 60;

/** What keys are called elsewhere: in options of `docker run`, in other formats, in short. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  cmd: ["command", "test"],
  cwd: ["working_dir"],
  destination: ["target"],
  dst: ["target"],
  env: ["environment"],
  file: ["path"],
  filename: ["file"],
  hosts: ["extra_hosts"],
  interactive: ["stdin_open"],
  mem: ["memory", "mem_limit"],
  name: ["source"],
  net: ["network_mode"],
  publish: ["ports", "published"],
  retry: ["retries"],
  src: ["source"],
  workdir: ["working_dir"],
};

/**
 * The known word that a wrong one most likely means: one that is
 * called so elsewhere, is spelled nearly so, or has it as a part.
 *
 * @returns undefined when none is near
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const lower = word.toLowerCase();
  const other = Object.hasOwn(otherNames, lower) ? otherNames[lower]!.find((name) => known.includes(name)) : undefined;
  const near = other ?? nearestWord(word, known);
  if (near !== undefined || word.length < 3) return near;
  return known.find((candidate) => candidate.split("_").includes(lower));
}

/** The hint that names the word that is meant; undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = suggest(word, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}
