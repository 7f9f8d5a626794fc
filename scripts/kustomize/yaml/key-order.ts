/** The keys of a mapping in the order in which go-yaml v2 prints them. */
export function sortedKeys(entries: ReadonlyMap<string, unknown>): readonly string[] {
  const keys = [...entries.keys()];
  for (let at = 1; at < keys.length; at += 1) {
    if (compareKeys(keys[at - 1] as string, keys[at] as string) > 0) return keys.sort(compareKeys);
  }
  return keys;
}

/**
 * The natural order of go-yaml: numbers inside keys count by value, and what is no letter comes
 * before letters.
 */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const first = a.charCodeAt(at);
    const second = b.charCodeAt(at);
    if (first === second) continue;
    if (isAsciiLetter(first)) {
      if (isAsciiLetter(second)) return first - second;
      if (second < 128) return 1;
    } else if (isAsciiLetter(second) && first < 128) return -1;
    return compareDigits(a, b, at) ?? compareRunes([...a], [...b]);
  }
  return a.length - b.length;
}

/** The common case: short numbers without leading zeros; undefined for anything else. */
function compareDigits(a: string, b: string, at: number): number | undefined {
  const [first] = plainNumber(a, at) ?? [];
  const [second] = plainNumber(b, at) ?? [];
  if (first === undefined || second === undefined) return undefined;
  return Number(first) - Number(second) || undefined;
}

function plainNumber(text: string, at: number): RegExpExecArray | null {
  shortNumber.lastIndex = at;
  return shortNumber.exec(text);
}

const shortNumber = /[1-9][0-9]{0,14}(?![0-9\u0080-\uffff])/y;

function compareRunes(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const first = a[at] as string;
    const second = b[at] as string;
    if (first === second) continue;
    const isFirstLetter = letter.test(first);
    const isSecondLetter = letter.test(second);
    if (isFirstLetter && isSecondLetter) return rune(first) - rune(second);
    if (isFirstLetter || isSecondLetter) return isSecondLetter ? -1 : 1;
    return compareNumbers(a, b, at);
  }
  return a.length - b.length;
}

function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const first = a[at] as string;
  const second = b[at] as string;
  // After a digit that counts, a zero is a digit that counts too.
  const leading = (first === "0" || second === "0") && followsNonzero(a, at) ? 1n : 0n;
  const [firstValue, firstEnd] = numberAt(a, at, leading);
  const [secondValue, secondEnd] = numberAt(b, at, leading);
  if (firstValue !== secondValue) return firstValue < secondValue ? -1 : 1;
  if (firstEnd !== secondEnd) return firstEnd - secondEnd;
  return rune(first) - rune(second);
}

function followsNonzero(runes: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && digit.test(runes[before] as string); before -= 1) {
    if (runes[before] !== "0") return true;
  }
  return false;
}

/** The number that begins at a place, in 64 bits as Go counts, and where it ends. */
function numberAt(runes: readonly string[], from: number, leading: bigint): [bigint, number] {
  let value = leading;
  let at = from;
  for (; at < runes.length && digit.test(runes[at] as string); at += 1) {
    value = BigInt.asIntN(64, value * 10n + BigInt(rune(runes[at] as string) - 48));
  }
  return [value, at];
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

function rune(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
