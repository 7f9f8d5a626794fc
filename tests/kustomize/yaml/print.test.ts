import { describe, expect, it } from "vitest";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import type { Mapping } from "../../../scripts/kustomize/node/node.ts";
import { printLines } from "../../../scripts/kustomize/yaml/lines.ts";
import { printDocuments } from "../../../scripts/kustomize/yaml/print.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

const read = (text: string): Mapping[] =>
  readDocuments(fileText("a.yaml", text), "resource") as Mapping[];
const reprint = (text: string): string => printDocuments(read(text));

describe("printDocuments() prints scalars as kustomize", () => {
  it.each([
    ["0644", "420"],
    ["1e3", "1000"],
    ["1e21", "1e+21"],
    ["1234567.5", "1.2345675e+06"],
    ["0.00001", "1e-05"],
    ["100000000000000000000", "1e+20"],
    ["18446744073709551615", "18446744073709551615"],
    ["-0.0", "0"],
    ["True", "true"],
    ["~", "null"],
    ["2020-1-2 3:4:5", '"2020-01-02T03:04:05Z"'],
    ["yes", '"yes"'],
    ['"1:30"', '"1:30"'],
    ['"a: b"', "'a: b'"],
    ['" a"', "' a'"],
    ['"it\'s # x"', "'it''s # x'"],
    ['"a\\tb"', '"a\\tb"'],
    ['"😀"', '"\\U0001F600"'],
    ['"a\\nb"', "|-\n  a\n  b"],
    ['"a \\nb"', '"a \\nb"'],
    ['" a\\n\\n"', "|2+\n   a\n"],
    ["[]", "[]"],
    ["{}", "{}"],
  ])("%s", (written, expected) => {
    expect(reprint(`a: ${written}\n`)).toBe(`a: ${expected}\n`.replace("\n\n", "\n\n"));
  });

  it("folds lines at the first single blank behind column 80", () => {
    const words = "word ".repeat(30).trim();
    const [first = "", second = ""] = reprint(`a: ${words}\n`).split("\n");
    expect(first).toHaveLength(82);
    expect(second.startsWith("  word")).toBe(true);
  });

  it("marks keys of more than 128 bytes by ?", () => {
    const key = "k".repeat(129);
    expect(reprint(`${key}:\n- a: 1\n`)).toBe(`? ${key}\n: - a: 1\n`);
  });
});

describe("printDocuments() sorts keys", () => {
  it("by the value of numbers, and letters last", () => {
    expect(reprint("{a10: 1, a9: 1, b: 1, A: 1, a_: 1, a: 1, '-': 1}\n").match(/^[^:]+/gm)).toEqual(
      ["'-'", "A", "a", "a_", "a9", "a10", "b"],
    );
  });
});

describe("printDocuments() separates documents", () => {
  it("by ---, lists not indented", () => {
    expect(reprint("a:\n  - - 1\n    - b: 2\n---\nc: 3\n")).toBe(
      "a:\n- - 1\n  - b: 2\n---\nc: 3\n",
    );
  });
});

describe("printDocuments() refuses what kustomize cannot print", () => {
  it.each([
    ["a: .inf\n", "JSON has no such number"],
    ['a: "\\x7f"\n', "control character"],
  ])("%s", (text, expected) => {
    const objects = read(text);
    expect(() => printDocuments(objects)).toThrow(BuildError);
    expect(() => printDocuments(objects)).toThrow(expected);
  });
});

describe("printLines() names what each line shows", () => {
  const text = "a: 1\nlist:\n- name: x\n  text: |\n    one\n    two\n- - {}\n";

  it("joins to the printed object", () => {
    const [object] = read(text);
    const lines = object ? printLines(object) : [];
    expect(lines.map((line) => `${line.text}\n`).join("")).toBe(reprint(text));
  });

  it("shows the innermost value of a line, and a text on each of its lines", () => {
    const [object] = read(text);
    const shown = (object ? printLines(object) : []).map((line) => line.path.join("."));
    expect(shown).toEqual([
      "a",
      "list",
      "list.0.name",
      "list.0.text",
      "list.0.text",
      "list.0.text",
      "list.1.0",
    ]);
  });
});
