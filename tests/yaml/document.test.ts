import { describe, expect, it } from "vitest";
import type { Path } from "../../scripts/fleet/resource.ts";
import { parseYaml, YamlSyntaxError } from "../../scripts/yaml/document.ts";

const text = `# a comment
kind: Service
metadata: {name: "router", labels: {app: x}, }
spec:
  ports:
    - name: http
      port: 80
    - {name: 'web', port: 443}
  script: |-
    first
    second
  empty: []
  shared: &shared
    a: 1
  again: *shared
`;

describe("parseYaml()", () => {
  it.each<[string, Path, number, number, string]>([
    ["a plain scalar", ["kind"], 2, 7, "Service"],
    ["a quoted scalar", ["metadata", "name"], 3, 18, '"router"'],
    ["a single-quoted scalar", ["spec", "ports", 1, "name"], 8, 14, "'web'"],
    ["an item of a list", ["spec", "ports", 0], 6, 7, "name: http\n      port: 80"],
    ["a mapping in braces", ["spec", "ports", 1], 8, 7, "{name: 'web', port: 443}"],
    ["braces after a comma", ["metadata"], 3, 11, '{name: "router", labels: {app: x}, }'],
    ["empty brackets", ["spec", "empty"], 12, 10, "[]"],
    ["a block of text", ["spec", "script"], 10, 1, "    first\n    second\n"],
    ["an alias", ["spec", "again"], 15, 10, "*shared"],
  ])("knows place and range of %s", (_, path, line, column, range) => {
    const [document] = parseYaml(text, "service.yaml");
    expect(document?.placeOf(path)).toEqual({ file: "service.yaml", line, column });
    const { start, end } = document?.rangeOf(path) ?? { start: 0, end: 0 };
    expect(text.slice(start, end)).toBe(range);
  });

  it("knows the place of a key apart from its value's", () => {
    const [document] = parseYaml(text, "service.yaml");
    expect(document?.keyPlaceOf(["spec", "ports"])).toMatchObject({ line: 5, column: 3 });
    expect(document?.keyPlaceOf(["metadata", "labels", "app"])).toMatchObject({
      line: 3,
      column: 37,
    });
    expect(document?.keyPlaceOf(["spec", "ports", 1])).toMatchObject({ line: 8, column: 7 });
  });

  it("gives the place of the nearest ancestor and no range where there is no value", () => {
    const [document] = parseYaml(text, "service.yaml");
    expect(document?.placeOf(["spec", "ports", 1, "targetPort"])).toMatchObject({ line: 8 });
    expect(document?.rangeOf(["spec", "ports", 1, "targetPort"])).toBeUndefined();
  });

  it("keeps documents apart and leaves empty ones out", () => {
    const documents = parseYaml("a: 1\n---\n# nothing\n---\nb:\n  c: 2\n", "x.yaml");
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: { c: 2 } }]);
    expect(documents[1]?.placeOf(["b", "c"])).toEqual({ file: "x.yaml", line: 6, column: 6 });
    expect(parseYaml("# nothing\n", "x.yaml")).toEqual([]);
  });

  it.each([
    ["an open bracket", "a: b\nc: [\n", 3, 1],
    ["a tab as indentation", "a:\n\tb: c\n", 2, 1],
    ["a key twice", "a: b\nc: d\na: e\n", 3, 1],
  ])("says where %s is", (_, broken, line, column) => {
    const place = { file: "x.yaml", line, column };
    expect(() => parseYaml(broken, "x.yaml")).toThrow(YamlSyntaxError);
    expect(() => parseYaml(broken, "x.yaml")).toThrow(expect.objectContaining({ place }));
  });
});
