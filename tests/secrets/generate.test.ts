import fc from "fast-check";
import { expect, test } from "vitest";
import { alphabets, generate } from "../../scripts/secrets/generate.ts";

test("generate() puts the prefix before `length` random characters", () => {
  const value = generate({ length: 48, alphabet: "alphanumeric", prefix: "llm_slipway." });
  expect(value).toMatch(/^llm_slipway\.[A-Za-z0-9]{48}$/);
});

test("generate() draws hex from sixteen characters", () => {
  expect(generate({ length: 64, alphabet: "hex" })).toMatch(/^[0-9a-f]{64}$/);
});

test("generate() throws away bytes that would favour the first characters", () => {
  // 62 characters: 4 × 62 = 248, so 248 to 255 would be a second helping of A to H.
  const chunks = [[248, 255, 0, 61], [247, 250, 251, 252], [1]];
  const random = (bytes: Uint8Array<ArrayBuffer>) => {
    bytes.fill(255).set(chunks.shift() ?? []);
    return bytes;
  };
  expect(generate({ length: 4, alphabet: "alphanumeric" }, random)).toBe("A99B");
});

test("generate() makes every character equally likely", () => {
  const counts = new Map<string, number>();
  for (const character of generate({ length: 62_000, alphabet: "alphanumeric" })) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  // About 1,000 each; a modulo over 256 gives the first eight characters 1,211.
  for (const character of alphabets.alphanumeric) {
    expect(counts.get(character)).toBeGreaterThan(820);
    expect(counts.get(character)).toBeLessThan(1_180);
  }
});

test("generate() never repeats a value", () => {
  fc.assert(
    fc.property(fc.constantFrom("hex", "alphanumeric"), (alphabet) => {
      const generation = { length: 32, alphabet };
      expect(generate(generation)).not.toBe(generate(generation));
    }),
  );
});
