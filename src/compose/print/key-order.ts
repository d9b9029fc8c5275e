const isDigit = (character: string): boolean => /^\p{Nd}$/u.test(character);
const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);

/**
 * The order in which Compose's YAML writer puts the keys of a mapping: numbers in them by their size (`a9`, `a10`), and
 * other characters before letters, but behind them where digits precede.
 *
 * @returns below 0 when `a` comes first
 */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1 || at === right.length) return left.length - right.length;
  const [first, second] = [left[at]!, right[at]!];
  if (isLetter(first) && isLetter(second)) return first.codePointAt(0)! - second.codePointAt(0)!;
  if (isLetter(first) || isLetter(second)) {
    const behindDigit = at > 0 && isDigit(left[at - 1]!);
    return isLetter(first) === behindDigit ? -1 : 1;
  }
  const [one, other] = [numberAt(left, at, right), numberAt(right, at, left)];
  return one.value - other.value || one.digits - other.digits || first.codePointAt(0)! - second.codePointAt(0)!;
}

/** The number at a place. Where either has a zero there, the digits before it count too: `100` is more than `11`. */
function numberAt(
  characters: readonly string[],
  at: number,
  others: readonly string[],
): { readonly value: number; readonly digits: number } {
  let value = 0;
  if (characters[at] === "0" || others[at] === "0") {
    for (let before = at - 1; before >= 0 && isDigit(characters[before]!); before--) {
      if (characters[before] !== "0") value = 1;
    }
  }
  let end = at;
  for (; end < characters.length && isDigit(characters[end]!); end++) {
    value = value * 10 + characters[end]!.codePointAt(0)! - 0x30;
  }
  return { value, digits: end - at };
}
