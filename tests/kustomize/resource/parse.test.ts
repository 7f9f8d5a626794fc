import { describe, expect, test } from "vitest";
import { textAt } from "../../../scripts/kustomize/node/node.ts";
import { parseObjects } from "../../../scripts/kustomize/resource/parse.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

function names(text: string): readonly (string | undefined)[] {
  const objects = parseObjects(readDocuments(fileText("a.yaml", text), "resource"));
  return objects.map((object) => textAt(object, ["metadata", "name"]));
}

const object = (name: string) => `{kind: ConfigMap, metadata: {name: ${name}}}`;

describe("parseObjects()", () => {
  test("gives each document's object and leaves out empty ones", () => {
    expect(
      names(`${object("a")}\n---\n# nothing\n---\n{}\n---\n[]\n---\n${object("b")}\n`),
    ).toEqual(["a", "b"]);
  });

  test("gives the items of a list that is the only document in its place", () => {
    expect(names(`kind: List\nitems: [${object("a")}, null, ${object("b")}]\n`)).toEqual([
      "a",
      "b",
    ]);
  });

  test("gives the items of other lists after all documents", () => {
    expect(names(`kind: ConfigMapList\nitems: [${object("a")}]\n---\n${object("b")}\n`)).toEqual([
      "b",
      "a",
    ]);
  });

  test("takes a kind that only ends like a list for an object", () => {
    expect(names("kind: AllowList\n")).toEqual([undefined]);
  });

  test.each([
    ["- a\n", "it is a list, and a mapping"],
    ["hello\n", "it is a single value, and a mapping"],
    ["metadata: {name: a}\n", 'the object "a": it has no "kind"'],
    ["kind: ConfigMap\n", 'of kind "ConfigMap": it has no "metadata.name"'],
    ["kind: AllowList\nitems: {a: b}\n", '"items" of a "AllowList" is a mapping'],
  ])("refuses %j", (text, message) => {
    expect(() => names(text)).toThrow(message);
  });
});
