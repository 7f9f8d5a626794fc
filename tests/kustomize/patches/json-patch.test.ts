import { expect, it } from "vitest";
import { nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { entry, patch, resourcesOf } from "./patching.ts";

function after(spec: string, ...operations: readonly string[]) {
  const text = `apiVersion: example.com/v1\nkind: Colony\nmetadata: {name: ants}\nspec: ${spec}\n`;
  const list = operations.map((operation) => `- {${operation}}\n`).join("");
  const [resource] = patch(resourcesOf(text), entry(list, { target: "{kind: Colony}" }));
  if (resource === undefined) throw new Error("the patch took the object away");
  return resource.object;
}

const specOf = (...args: Parameters<typeof after>) => {
  const spec = nodeAt(after(...args), ["spec"]);
  return spec && toValue(spec);
};

it.each([
  ["adds a field", "{}", "op: add, path: /spec/a, value: {b: 1}", { a: { b: 1 } }],
  ["adds null where no value is given", "{}", "op: add, path: /spec/a", { a: null }],
  ["puts an item in", "[1, 2]", "op: add, path: /spec/1, value: 5", [1, 5, 2]],
  ["appends", "[1]", "op: add, path: /spec/-, value: 5", [1, 5]],
  ["counts from the end", "[1, 2]", "op: add, path: /spec/-1, value: 5", [1, 2, 5]],
  ["removes", "{a: 1, b: 2}", "op: remove, path: /spec/a", { b: 2 }],
  ["removes the last item", "[1, 2]", "op: remove, path: /spec/-1", [1]],
  ["replaces", "{a: {b: 1}}", "op: replace, path: /spec/a, value: 5", { a: 5 }],
  ["replaces what is not there", "{}", "op: replace, path: /spec/a, value: 5", { a: 5 }],
  ["moves", "{a: 1}", "op: move, from: /spec/a, path: /spec/b", { b: 1 }],
  ["copies", "{a: [1]}", "op: copy, from: /spec/a, path: /spec/b", { a: [1], b: [1] }],
  ["unescapes", "{}", "op: add, path: /spec/a~1b~0c, value: 1", { "a/b~c": 1 }],
  ["reads values as YAML 1.1", "{}", "op: add, path: /spec/a, value: yes", { a: true }],
])("%s", (_, spec, operation, expected) => {
  expect(specOf(spec, operation)).toEqual(expected);
});

it("tests values, numbers by what they are worth", () => {
  const test = "op: test, path: /spec/a, value: 0x10";
  expect(specOf("{a: 16}", test, "op: remove, path: /spec/a")).toEqual({});
  expect(() => specOf('{a: "16"}', test)).toThrow('it is "16" and should be "16"');
});

it.each([
  [
    "op: remove, path: /spec/b",
    'Cannot apply "remove" of "/spec/b" to Colony "ants": the object has no "/spec/b"',
  ],
  ["op: add, path: /spec/b/c, value: 1", 'the object has no "/spec/b" to hold a value'],
  ["op: add, path: /spec/list/7, value: 1", "outside of the list, which has 1 items"],
  ["op: add, path: /spec/list/x, value: 1", '"x" in "/spec/list/x" is no index of a list'],
  ["op: replace, path: /spec/list/-, value: 1", '"-" in "/spec/list/-" is no index of a list'],
  ["op: add, path: spec, value: 1", 'it should begin with "/"'],
  ["op: put, path: /spec, value: 1", '"put" is no operation; use add, remove'],
  ["op: add, value: 1", 'it has no "path" that is a text'],
  ["op: move, path: /spec", 'it has no "from" that is a text'],
  ["op: remove, path: /metadata/name", 'takes "metadata.name" away from Colony "ants"'],
])("refuses %s", (operation, message) => {
  expect(() => specOf("{a: 1, list: [1]}", operation)).toThrow(message);
});

it("finds annotations where the object has none, and leaves no empty ones", () => {
  const add = "op: add, path: /metadata/annotations/team, value: core";
  expect(toValue(after("{}", add))).toMatchObject({ metadata: { annotations: { team: "core" } } });
  expect(toValue(after("{}", "op: add, path: /spec/a, value: 1"))).not.toHaveProperty(
    "metadata.annotations",
  );
});

it("a value has its place in the patch; one that is moved keeps where it began", () => {
  const object = after(
    "{a: 1, b: 2}",
    "op: replace, path: /spec/a, value: 5",
    "op: move, from: /spec/b, path: /spec/c",
  );
  const replaced = nodeAt(object, ["spec", "a"])?.origin;
  expect(replaced?.mark && placeOf(replaced.mark)).toMatchObject({ file: "patch.yaml", line: 1 });
  expect(replaced?.before?.operation).toBe("resource");
  const moved = nodeAt(object, ["spec", "c"])?.origin;
  expect([moved?.keeps, moved?.before?.operation]).toEqual([true, "resource"]);
});
