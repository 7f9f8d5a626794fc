import { expect, test } from "vitest";
import { readEnvFile } from "../../../scripts/kustomize/generators/env-file.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

test.each([
  ["A=1\nB=2", { A: "1", B: "2" }],
  ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["  A = 'x y' ", { "A ": " 'x y' " }],
  ["# A=1\n\n \n=2\nB", { B: "" }],
  ["\uFEFFA=1\n\uFEFFB=2", { A: "1", "\uFEFFB": "2" }],
  ["A=b=c", { A: "b=c" }],
  ["\u0085\u00a0A=1", { A: "1" }],
])("%j gives %j", (text, pairs) => {
  expect(Object.fromEntries(read(text).map(({ key, value }) => [key, value]))).toEqual(pairs);
});

test("each line knows where its value begins", () => {
  const places = read("A=1\n\n  B=2\n").map(({ mark }) => mark.source.placeAt(mark.offset));
  expect(places).toEqual([
    { file: "a.env", line: 1, column: 3 },
    { file: "a.env", line: 3, column: 5 },
  ]);
});

test("a line that kustomize would silently end at is an error", () => {
  expect(() => read(`A=1\nB=${"x".repeat(65_534)}`)).toThrow("a line of 64 KiB or more");
  expect(read(`A=1\nB=${"x".repeat(65_533)}`)).toHaveLength(2);
});

test("a file that is no text is an error that names the line", () => {
  const bytes = Uint8Array.of(0x41, 0x3d, 0x31, 0x0a, 0x42, 0x3d, 0xff);
  expect(() => readEnvFile({ file: "a.env", bytes, text: undefined })).toThrow(
    'Cannot read "a.env" as an env file: line 2 is not UTF-8',
  );
});

function read(text: string) {
  const bytes = new TextEncoder().encode(text);
  return readEnvFile({ file: "a.env", bytes, text: fileText("a.env", text) });
}
