import { describe, expect, it } from "vitest";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import { type Node, nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { readConfiguration, readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

const read = (text: string): readonly Node[] => readDocuments(fileText("a.yaml", text), "resource");

/** The type and text of the value of `a`. */
function scalarOf(text: string): string {
  const node = nodeAt(read(`a: ${text}\n`)[0], ["a"]);
  return node?.kind === "scalar" ? `${node.type} ${node.text}` : (node?.kind ?? "nothing");
}

function placeAt(text: string, path: readonly (string | number)[]): string {
  const mark = nodeAt(read(text)[0], path)?.origin.mark;
  if (mark === undefined) return "nowhere";
  const { line, column } = placeOf(mark);
  return `${line}:${column}`;
}

/** The message and place that reading a text ends with. */
function failure(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return `${error.place?.line}:${error.place?.column} ${error.message}`;
  }
  return "no failure";
}

describe("readDocuments() resolves scalars as go-yaml v3", () => {
  it.each([
    ["0644", "integer 0644"],
    ["0o644", "integer 0o644"],
    ["0x1F", "integer 0x1F"],
    ["1_000", "integer 1_000"],
    ["089", "float 089"],
    ["1e3", "float 1e3"],
    [".5", "float .5"],
    ["1e400", "string 1e400"],
    ["99999999999999999999", "float 99999999999999999999"],
    ["~", "null ~"],
    ["", "null "],
    ["yes", "string yes"],
    ["True", "boolean True"],
    ["2020-01-01", "timestamp 2020-01-01"],
    ["2020-02-30", "string 2020-02-30"],
    ["100m", "string 100m"],
    ["'12'", "string 12"],
    ["!!str 12", "string 12"],
    ["!!int '12'", "integer 12"],
    ["!!float 3", "float 3"],
    ["!!binary aGk=", "string hi"],
    ["!other 12", "string 12"],
  ])("%s", (written, expected) => {
    expect(scalarOf(written)).toBe(expected);
  });

  it("reads kustomizations and JSON patches by YAML 1.1", () => {
    const node = readConfiguration(fileText("k", "a: yes\n1: x\na: 2020-01-01\n"), "resource");
    expect(node?.kind === "mapping" && [...node.entries.keys()]).toEqual(["a", "1"]);
    expect(nodeAt(node, ["a"])).toMatchObject({ type: "string", text: "2020-01-01" });
  });
});

describe("readDocuments() splits a source as kustomize does", () => {
  it.each([
    ["a: 1\n---\nb: 2\n", 2],
    ["---\na: 1\n--- # comment\n---\n", 1],
    ["# nothing\n", 0],
    ["a: 1\n---", 1],
    ["a: |\n  text\n  ---\n  text\n", 1],
    ["a: 1\r\n---\r\nb: 2\r\n", 2],
    ["\ufeffa: 1\n---\n\ufeffb: 2\n", 2],
    ["a: 1\n...\nb: 2\n", 1],
  ])("%j", (text, count) => {
    expect(read(text)).toHaveLength(count);
  });

  it("keeps the line break before a separator in the last block of a document", () => {
    expect(nodeAt(read("a: |\n  x\n---\nb: 1\n")[0], ["a"])).toMatchObject({ text: "x\n" });
  });
});

describe("readDocuments() takes what go-yaml takes", () => {
  it.each([
    ["brackets that close at their key's column", "a: [\n  x,\n]\n"],
    ["quotes that go on at the first column", 'a: "x\ny"\n'],
    ["a list at its key's column", "a:\n- x\n"],
    ["a comment right behind a quote", "a: 'x'#c\n"],
    ["a tab between a key and its value", "a:\tx\n"],
    ["a long key behind a ?", "? a\n: x\n"],
  ])("%s", (_, text) => {
    expect(read(text)).toHaveLength(1);
  });
});

describe("readDocuments() marks", () => {
  it("values at their first character, quote and block header included", () => {
    const text = 'a: x\nb: "y"\nc: |2-  # note\n    z\nd:\n- >\n  f\n';
    expect(placeAt(text, ["a"])).toBe("1:4");
    expect(placeAt(text, ["b"])).toBe("2:4");
    expect(placeAt(text, ["c"])).toBe("3:4");
    expect(placeAt(text, ["d", 0])).toBe("6:3");
  });

  it("mappings, lists and empty values at their key, items at their own start", () => {
    const text = "a:\n  b:\n  - c: 1\n  d:\n";
    expect(placeAt(text, ["a"])).toBe("1:1");
    expect(placeAt(text, ["a", "b"])).toBe("2:3");
    expect(placeAt(text, ["a", "b", 0])).toBe("3:5");
    expect(placeAt(text, ["a", "d"])).toBe("4:3");
  });

  it("values of later documents and of files with carriage returns in the whole file", () => {
    const [, second] = read("a: 1\r\n---\r\n\r\nb: x\r\n");
    const mark = nodeAt(second, ["b"])?.origin.mark;
    expect(mark && placeOf(mark)).toEqual({ file: "a.yaml", line: 4, column: 4 });
  });

  it("aliased and merged values where they are written", () => {
    const text = "a: &x\n  k: 1\nb: *x\nc:\n  <<: *x\n  m: 2\n";
    expect(placeAt(text, ["b", "k"])).toBe("2:6");
    expect(placeAt(text, ["c", "k"])).toBe("2:6");
    expect(placeAt(text, ["c"])).toBe("4:1");
  });
});

describe("readDocuments() merges", () => {
  it("own entries win, then the first of a list", () => {
    const text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*b, *a]\n  z: 3\n";
    const entries = (nodeAt(read(text)[0], ["c"]) as Node & { kind: "mapping" }).entries;
    const texts = [...entries].map(([key, node]) => `${key}=${"text" in node ? node.text : ""}`);
    expect(texts.sort()).toEqual(["x=1", "y=2", "z=3"]);
  });

  it("a key << in quotes goes, as kustomize clears it", () => {
    expect(nodeAt(read('a:\n  "<<": 1\n  b: 2\n')[0], ["a", "<<"])).toBeUndefined();
  });
});

describe("readDocuments() refuses with a place", () => {
  it.each([
    ["a: 1\na: 2\n", '2:1 Cannot read "a.yaml" as YAML: the key "a" is there twice'],
    [
      "a:\n  1: x\n",
      '2:3 Cannot read "a.yaml" as YAML: the key "1", which is read as integer, cannot name a field',
    ],
    ["a: *x\n", '1:4 Cannot read "a.yaml" as YAML: the alias "*x" names no anchor before it'],
    ["a: &x [*x]\n", '1:8 Cannot read "a.yaml" as YAML: the anchor "x" contains itself'],
    [
      "a: 1\n--- b\nc: 1\n",
      '2:1 Cannot read "a.yaml" as YAML: "--- b" is no separator of documents',
    ],
    ["a: x\u0001y\n", '1:5 Cannot read "a.yaml" as YAML: the character U+0001 is not allowed'],
    ["a:\n\tb: 1\n", '2:1 Cannot read "a.yaml" as YAML: a tab cannot indent a line; use blanks'],
    ["a: !!int x\n", '1:10 Cannot read "a.yaml" as YAML: "x" is no int'],
    [
      'a: "\\ud83d\\ude00"\n',
      '1:5 Cannot read "a.yaml" as YAML: the escape is no character of Unicode',
    ],
    [
      "? [a]\n: 1\n",
      '1:1 Cannot read "a.yaml" as YAML: a key must be a text, not a mapping or a list',
    ],
  ])("%j", (text, expected) => {
    expect(failure(text)).toBe(expected);
  });

  it("a mapping that multiplies itself by aliases, cheaply", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let at = 1; at < 30; at += 1) {
      lines.push(
        `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(", ")}]`,
      );
    }
    expect(failure(lines.join("\n"))).toContain("stand for more than 200000 values");
  });

  it("nesting beyond 1,200 levels, but not 1,000", () => {
    const nested = (depth: number): string => `a: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
    expect(read(nested(1000))).toHaveLength(1);
    expect(failure(nested(100_000))).toContain("nested deeper than 1200 levels");
  });
});
