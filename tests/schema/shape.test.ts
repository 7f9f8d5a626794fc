import { expect, it } from "vitest";
import { editKey, pathAt, printShape } from "../../scripts/checks/schema/shape.ts";

const object = { kind: "A", spec: { ports: [{ port: 80 }, { port: 81 }], "a-b/c": { ü: "x" } } };

it("printShape() prints fields without their values", () => {
  expect(printShape(object).text).toBe(
    '{kind:_,spec:{ports:[{port:_,},{port:_,},],"a-b/c":{"\\u00fc":_,},},}',
  );
});

it("printShape() gives objects that differ in values the same text", () => {
  const other = { kind: "B", spec: { ...object.spec, ports: [{ port: 1 }, { port: null }] } };
  expect(printShape(other).text).toBe(printShape(object).text);
});

it.each([
  ["kind", ["kind"]],
  ["spec", ["spec"]],
  ["ports", ["spec", "ports"]],
  ["{port:_,},]", ["spec", "ports", 1]],
  ["port:_,},]", ["spec", "ports", 1, "port"]],
  ['"a-b/c"', ["spec", "a-b/c"]],
  ['"\\u00fc"', ["spec", "a-b/c", "ü"]],
])("pathAt() finds the field that begins with %s", (start, path) => {
  const shape = printShape(object);
  expect(pathAt(shape, shape.text.indexOf(start))).toEqual(path);
});

it("pathAt() takes what is before the first field for the root", () => {
  expect(pathAt(printShape(object), 0)).toEqual([]);
});

it("printShape() leaves out and mutes fields, and the offsets follow", () => {
  const edits = new Map([
    [editKey(["kind"]), "omit" as const],
    [editKey(["spec", "ports", 0]), "mute" as const],
  ]);
  const shape = printShape(object, edits);
  expect(shape.text).toBe('{spec:{ports:[null!,{port:_,},],"a-b/c":{"\\u00fc":_,},},}');
  expect(pathAt(shape, shape.text.indexOf("port:_"))).toEqual(["spec", "ports", 1, "port"]);
});

it("printShape() does not let a field set the prototype", () => {
  expect(printShape(JSON.parse('{"__proto__": 1}')).text).toBe('{["__proto__"]:_,}');
});
