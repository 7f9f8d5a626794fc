import { expect, it } from "vitest";
import { readMessage, schemaAt } from "../../scripts/checks/schema/verdict.ts";
import type { JsonSchema } from "../../scripts/tools/schemas/json-schema.ts";

const schema: JsonSchema = {
  properties: {
    spec: {
      properties: {
        mode: { enum: ["A", "B", null] },
        wait: { pattern: "^[0-9]+s$" },
        size: { maximum: 65535 },
        list: { items: { properties: { name: { type: "string" } } } },
        map: { additionalProperties: { $ref: "#/definitions/Part" } },
      },
    },
  },
  definitions: { Part: { properties: { part: {} } } },
};

const start =
  "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///x.json#'";

it("readMessage() reads every line of a message, at any depth", () => {
  const message = [
    start,
    " - at '/spec': validation failed",
    "   - at '/spec/list/0': additional properties 'nam', 'x y' not allowed",
    "   - at '/spec/list/1': missing property 'name'",
    "   - at '/spec/size': maximum: got 99,999, want 65,535",
    " - at '/spec/map/a~1b': got number, want null or string",
    " - at '/spec/mode': value must be one of 'A', 'B', <nil>",
    " - at '/spec/wait': 'it\\'s - at \\'/x\\': y' does not match pattern '^[0-9]+s$'",
  ].join("");
  expect(readMessage(message, schema)).toEqual([
    {
      instancePath: "/spec/list/0",
      keyword: "additionalProperties",
      params: { additionalProperty: "nam" },
    },
    {
      instancePath: "/spec/list/0",
      keyword: "additionalProperties",
      params: { additionalProperty: "x y" },
    },
    { instancePath: "/spec/list/1", keyword: "required", params: { missingProperty: "name" } },
    { instancePath: "/spec/size", keyword: "maximum", params: { limit: 65535 } },
    { instancePath: "/spec/map/a~1b", keyword: "type", params: { type: ["null", "string"] } },
    { instancePath: "/spec/mode", keyword: "enum", params: { allowedValues: ["A", "B", null] } },
    { instancePath: "/spec/wait", keyword: "pattern", params: { pattern: "^[0-9]+s$" } },
  ]);
});

it("readMessage() tells that no branch of a union fits, not what each would have wanted", () => {
  const message = `${start} - at '/spec': 'oneOf' failed, none matched   - at '/spec': missing property 'a'   - at '/spec': missing property 'b' - at '/metadata': missing property 'name'`;
  expect(readMessage(message, schema)).toEqual([
    {
      instancePath: "/spec",
      keyword: "other",
      params: {},
      message: "'oneOf' failed, none matched",
    },
    { instancePath: "/metadata", keyword: "required", params: { missingProperty: "name" } },
  ]);
});

it("readMessage() keeps the words of what it does not know", () => {
  expect(readMessage(`${start} - at '/spec': something else`, undefined)).toEqual([
    { instancePath: "/spec", keyword: "other", params: {}, message: "something else" },
  ]);
});

it("schemaAt() follows fields, items, mappings and references", () => {
  expect(schemaAt(schema, ["spec", "list", 3, "name"])).toEqual({ type: "string" });
  expect(schemaAt(schema, ["spec", "map", "a", "part"])).toEqual({});
  expect(schemaAt(schema, ["spec", "none", "x"])).toBeUndefined();
});
