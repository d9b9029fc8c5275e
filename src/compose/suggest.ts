import { nearestWord } from "../model/nearest.ts";

/** Longer words are no misspelled keys, and comparing them takes time. */
const longestWord = 60;

/**
 * The known word that a wrong one most likely means: one that is spelled nearly so, or one that has it as a part.
 *
 * @returns undefined when none is near
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const near = nearestWord(word, known);
  if (near !== undefined || word.length < 3) return near;
  return known.find((candidate) => candidate.split("_").includes(word.toLowerCase()));
}

/** The hint that names the word that is meant; undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = suggest(word, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}
