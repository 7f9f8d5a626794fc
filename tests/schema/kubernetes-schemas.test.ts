import { expect, it } from "vitest";
import { kubernetesSchemas, type Swagger } from "../../scripts/tools/schemas/kubernetes.ts";

const swagger: Swagger = {
  definitions: {
    "v1.Thing": {
      type: "object",
      required: ["size"],
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        size: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
        port: { $ref: "#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
        parts: { type: "array", items: { $ref: "#/definitions/v1.Part" } },
        labels: { type: "object", additionalProperties: { type: "string" } },
        anything: { type: "object" },
      },
      "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Thing" }],
    },
    "v1.Part": {
      type: "object",
      properties: { name: { type: "string" }, parts: { $ref: "#/definitions/v1.Part" } },
    },
    "v1.ThingList": {
      type: "object",
      properties: { metadata: { $ref: "#/definitions/io.k8s.meta.v1.ListMeta" } },
      "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "ThingList" }],
    },
    "v1.WatchEvent": {
      type: "object",
      "x-kubernetes-group-version-kind": [
        { group: "", version: "v1", kind: "WatchEvent" },
        { group: "apps", version: "v1", kind: "WatchEvent" },
      ],
    },
  },
};

const schemas = kubernetesSchemas(swagger);
const schema = schemas[0]?.schema;

it("kubernetesSchemas() takes the kinds that one group has, and no lists", () => {
  expect(schemas.map(({ group, version, kind }) => [group, version, kind])).toEqual([
    ["apps", "v1", "Thing"],
  ]);
});

it("kubernetesSchemas() refuses unknown fields where fields are known", () => {
  expect(schema?.additionalProperties).toBe(false);
  expect(schema?.properties?.labels?.additionalProperties).toEqual({ type: "string" });
  expect(schema?.properties?.anything?.additionalProperties).toBeUndefined();
});

it("kubernetesSchemas() lets an optional field be null, and no required one", () => {
  expect(schema?.required).toEqual(["size"]);
  expect(schema?.properties?.size?.type).toEqual(["string", "number"]);
  expect(schema?.properties?.port?.type).toEqual(["integer", "string", "null"]);
});

it("kubernetesSchemas() insists on the kind's own spelling", () => {
  expect(schema?.properties?.kind?.enum).toEqual(["Thing"]);
  expect(schema?.properties?.apiVersion?.enum).toEqual(["apps/v1"]);
});

it("kubernetesSchemas() writes references out, and keeps one that leads back to itself", () => {
  const part = schema?.properties?.parts?.items;
  expect(part?.properties?.name?.type).toEqual(["string", "null"]);
  expect(part?.properties?.parts).toEqual({ $ref: "#/definitions/v1.Part" });
  expect(schema?.definitions?.["v1.Part"]?.properties).toHaveProperty("name");
});

it("kubernetesSchemas() throws on a reference to nothing", () => {
  const broken: Swagger = {
    definitions: {
      "v1.Thing": {
        properties: { part: { $ref: "#/definitions/v1.Part" } },
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Thing" }],
      },
    },
  };
  expect(() => kubernetesSchemas(broken)).toThrow('Cannot resolve "v1.Part": not defined');
});
