/**
 * The order in which Compose's YAML writer puts the keys of a mapping: numbers in them by their size (`a9`, `a10`), and
 * other characters before letters, but behind them where a digit precedes.
 *
 * @returns below 0 when `a` comes first
 */
export function compareKeys(a: string, b: string): number {
  const at = firstDifference(a, b);
  const [first, second] = [a.codePointAt(at), b.codePointAt(at)];
  if (first === undefined || second === undefined) return a.length - b.length;
  if (isLetter(first) && isLetter(second)) return first - second;
  if (isLetter(first) || isLetter(second)) {
    const behindDigit = at > 0 && isDigit(a.charCodeAt(at - 1));
    return isLetter(first) === behindDigit ? -1 : 1;
  }
  const countsBefore = (first === zero || second === zero) && hasNonZeroBefore(a, at);
  const [one, other] = [numberAt(a, at, countsBefore), numberAt(b, at, countsBefore)];
  return one.value - other.value || one.digits - other.digits || first - second;
}

const zero = 0x30;

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // not between the halves of one character
  return at > 0 && /[\ud800-\udbff]/.test(a[at - 1]!) ? at - 1 : at;
}

function isDigit(code: number): boolean {
  return code < 0x80 ? code >= zero && code <= 0x39 : /^\p{Nd}$/u.test(String.fromCodePoint(code));
}

function isLetter(code: number): boolean {
  if (code >= 0x80) return /^\p{L}$/u.test(String.fromCodePoint(code));
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Whether the number that a place lies in has begun with more than zeros: `100` is more than `11`. */
function hasNonZeroBefore(key: string, at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(key.charCodeAt(before)); before--) {
    if (key.charCodeAt(before) !== zero) return true;
  }
  return false;
}

/** The number at a place. */
function numberAt(key: string, at: number, countsBefore: boolean): { readonly value: number; readonly digits: number } {
  let value = countsBefore ? 1 : 0;
  let end = at;
  for (; end < key.length && isDigit(key.charCodeAt(end)); end++) value = value * 10 + key.charCodeAt(end) - zero;
  return { value, digits: end - at };
}
