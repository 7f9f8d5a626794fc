import { expect, test } from "vitest";
import { readSingleValue, readValues, requireKnown } from "../../scripts/secrets/supplied.ts";

test.each([
  ["hf_token", "hf_token"],
  ["hf_token\n", "hf_token"],
  ["hf_token\r\n", "hf_token"],
  [" with spaces \n", " with spaces "],
  ["line one\nline two\n", "line one\nline two\n"],
  ["line one\n\n", "line one\n\n"],
])("readSingleValue() of %j is %j", (text, value) => {
  expect(readSingleValue(text)).toBe(value);
});

test.each(["", "\n"])("readSingleValue() refuses %j", (text) => {
  expect(() => readSingleValue(text)).toThrow(
    "Cannot seal an empty value: give it on standard input",
  );
});

test("readValues() reads a value per line, equals signs and all", () => {
  expect(readValues("a/b/c=d=e==\n\na/b/f=g\r\n")).toEqual(
    new Map([
      ["a/b/c", "d=e=="],
      ["a/b/f", "g"],
    ]),
  );
});

test("readValues() names the line that is wrong and not what is in it", () => {
  for (const line of ["hunter2", "a/b=hunter2", "a/b/c=", "a/b/c/hunter2=1"]) {
    expect(() => readValues(`a/b/c=d\n${line}`)).toThrow(
      /^Cannot read line 2 of standard input: it must be "app\/secret\/key=value"$/,
    );
  }
});

test("requireKnown() refuses a value that nobody asks for", () => {
  const asked = [{ app: "a", secret: "b", key: "c" }];
  expect(() => requireKnown(new Map([["a/b/c", "d"]]), asked)).not.toThrow();
  expect(() => requireKnown(new Map([["a/b/d", "e"]]), asked)).toThrow(
    'Cannot use the value for "a/b/d": the keys to supply are "a/b/c"',
  );
});
