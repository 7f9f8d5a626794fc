import { expect, it } from "vitest";
import { customResourceSchemas } from "../../scripts/tools/schemas/custom-resource.ts";
import type { JsonSchema } from "../../scripts/tools/schemas/json-schema.ts";

const metadata: JsonSchema = { type: "object", properties: { name: { type: "string" } } };

it("customResourceSchemas() takes the served versions and gives each the API's own fields", () => {
  const schemas = customResourceSchemas(
    {
      spec: {
        group: "example.com",
        names: { kind: "Pool" },
        versions: [
          { name: "v1", served: true, schema: { openAPIV3Schema: { type: "object" } } },
          { name: "v1alpha1", served: false },
        ],
      },
    },
    metadata,
  );
  expect(schemas).toEqual([
    {
      group: "example.com",
      version: "v1",
      kind: "Pool",
      schema: {
        type: "object",
        additionalProperties: false,
        properties: {
          apiVersion: { type: "string", enum: ["example.com/v1"] },
          kind: { type: "string", enum: ["Pool"] },
          metadata,
        },
      },
    },
  ]);
});

it.each<[what: string, written: JsonSchema, converted: JsonSchema]>([
  [
    "refuses unknown fields where fields are known",
    { type: "object", properties: { a: { type: "integer", format: "int32", minimum: 1 } } },
    {
      type: "object",
      properties: { a: { type: ["integer", "null"], minimum: 1 } },
      additionalProperties: false,
    },
  ],
  [
    "keeps what the API server preserves, and still checks what is known of it",
    {
      type: "object",
      properties: { a: { type: "string" } },
      "x-kubernetes-preserve-unknown-fields": true,
    },
    {
      type: "object",
      properties: { a: { type: ["string", "null"] } },
      additionalProperties: true,
    },
  ],
  [
    "leaves a mapping of any names open, and its values strict",
    { type: "object", additionalProperties: { type: "object", properties: {} } },
    {
      type: "object",
      additionalProperties: { type: "object", properties: {}, additionalProperties: false },
    },
  ],
  [
    "takes integers and strings where the API server does",
    { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
    { type: ["integer", "string"] },
  ],
  [
    "does not require what has a default",
    {
      type: "object",
      required: ["a", "b"],
      properties: { a: { type: "string", default: "x" }, b: { type: "string" } },
    },
    {
      type: "object",
      required: ["b"],
      properties: { a: { type: ["string", "null"] }, b: { type: "string" } },
      additionalProperties: false,
    },
  ],
  [
    "adds null to the values of a nullable field",
    { type: "string", nullable: true, enum: ["a"] },
    { type: ["string", "null"], enum: ["a", null] },
  ],
  [
    "takes the branches of a union for conditions, not for lists of fields",
    {
      type: "object",
      properties: { a: { type: "string" } },
      oneOf: [{ required: ["a"] }, { properties: { a: { pattern: "^x", description: "text" } } }],
      not: { required: ["b"] },
    },
    {
      type: "object",
      properties: { a: { type: ["string", "null"] } },
      additionalProperties: false,
      oneOf: [{ required: ["a"] }, { properties: { a: { pattern: "^x" } } }],
      not: { required: ["b"] },
    },
  ],
  [
    "gives an embedded object its metadata",
    {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
    },
    {
      type: "object",
      additionalProperties: true,
      properties: { apiVersion: { type: "string" }, kind: { type: "string" }, metadata },
    },
  ],
])("customResourceSchemas() %s", (_, written, converted) => {
  // As an item, so that the field itself is not made optional.
  const openAPIV3Schema = {
    type: "object",
    properties: { list: { type: "array", items: written } },
  };
  const versions = [{ name: "v1", served: true, schema: { openAPIV3Schema } }];
  const [one] = customResourceSchemas(
    { spec: { group: "example.com", names: { kind: "Pool" }, versions } },
    metadata,
  );
  expect(one?.schema.properties?.list?.items).toEqual(converted);
});
