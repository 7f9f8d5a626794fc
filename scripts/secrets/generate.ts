import type { Bytes } from "./bytes.ts";

/** The characters a generated value is drawn from; none of them needs quoting in a URL or a shell. */
export const alphabets = {
  hex: "0123456789abcdef",
  alphanumeric: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
} as const;

type Alphabet = keyof typeof alphabets;

/** How a value is generated: `length` counts the random characters, the prefix comes on top. */
export type Generation = {
  readonly length: number;
  readonly alphabet: Alphabet;
  readonly prefix?: string | undefined;
};

/** Fills an array with random bytes. */
export type RandomSource = (bytes: Bytes) => Bytes;

/** A random text in which every character of the alphabet is equally likely. */
export function generate(
  { length, alphabet, prefix = "" }: Generation,
  random: RandomSource = (bytes) => crypto.getRandomValues(bytes),
): string {
  const characters = alphabets[alphabet];
  // Bytes above the last whole multiple are thrown away: a plain modulo would favour the first ones.
  const limit = 256 - (256 % characters.length);
  let text = "";
  while (text.length < length) {
    for (const byte of random(new Uint8Array(length))) {
      if (byte < limit && text.length < length) text += characters[byte % characters.length];
    }
  }
  return prefix + text;
}
