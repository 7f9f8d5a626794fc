import { join } from "node:path";
import { expect, it } from "vitest";
import { kubernetesSchema, schemaFrom } from "../../../scripts/kustomize/schema/kubernetes.ts";
import { mergeTable } from "../../../scripts/kustomize/schema/merge-table.ts";
import { run } from "../../../scripts/tools/process.ts";
import { tool } from "../../../scripts/tools/tool.ts";

const tableFile = join(import.meta.dirname, "../../../scripts/kustomize/schema/kubernetes.json");

it("the table follows from the document that kustomize has built in (`--update` writes it anew)", async () => {
  const { stdout } = await run(await tool("kustomize-openapi"), []);
  const table = mergeTable(JSON.parse(stdout));
  await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot(tableFile);
});

it("knows the merge keys of containers, ports and finalizers", () => {
  const pod = kubernetesSchema.typeOf("v1", "Pod");
  const containers = pod?.field("spec")?.field("containers");
  expect(containers?.mergeKeys).toEqual(["name"]);
  expect(containers?.items?.field("ports")?.mergeKeys).toEqual(["containerPort", "protocol"]);
  expect(pod?.field("spec")?.field("volumes")?.strategies).toEqual(["merge", "retainKeys"]);
  const finalizers = pod?.field("metadata")?.field("finalizers");
  expect([finalizers?.strategies, finalizers?.mergeKeys]).toEqual([["merge"], []]);
  expect(pod?.field("spec")?.field("tolerations")?.strategies).toEqual([]);
});

it("knows which kinds have no namespace, and nothing of a custom resource", () => {
  expect(kubernetesSchema.isClusterScoped("v1", "Namespace")).toBe(true);
  expect(kubernetesSchema.isClusterScoped("apps/v1", "Deployment")).toBe(false);
  expect(kubernetesSchema.isClusterScoped("example.com/v1", "Colony")).toBeUndefined();
  expect(kubernetesSchema.typeOf("example.com/v1", "Colony")).toBeUndefined();
});

const colony = {
  definitions: {
    Colony: {
      "x-kubernetes-group-version-kind": [{ group: "example.com", version: "v1", kind: "Colony" }],
      properties: {
        ants: {
          type: "array",
          items: { $ref: "#/definitions/Ant" },
          "x-kubernetes-patch-strategy": "merge",
          "x-kubernetes-patch-merge-key": "name",
        },
        nests: { additionalProperties: { $ref: "#/definitions/Ant" } },
        pods: { $ref: "#/definitions/io.k8s.api.core.v1.PodSpec" },
        loop: { $ref: "#/definitions/Loop" },
      },
    },
    Ant: { properties: { legs: { type: "integer" } } },
    Loop: { $ref: "#/definitions/Loop" },
  },
  paths: {
    "/apis/example.com/v1/colonies": {
      get: {
        "x-kubernetes-group-version-kind": { group: "example.com", version: "v1", kind: "Colony" },
      },
    },
  },
};

it("a document of one's own takes the place of Kubernetes' types, not of their scopes", () => {
  const schema = schemaFrom(colony);
  const type = schema.typeOf("example.com/v1", "Colony");
  expect(type?.field("ants")?.mergeKeys).toEqual(["name"]);
  expect(type?.field("ants")?.items?.field("legs")).toBeDefined();
  expect(type?.field("nests")?.field("any")?.field("legs")).toBeDefined();
  expect([type?.field("pods"), type?.field("loop")]).toEqual([undefined, undefined]);
  expect(schema.typeOf("v1", "Pod")).toBeUndefined();
  expect(schema.isClusterScoped("example.com/v1", "Colony")).toBe(true);
  expect(schema.isClusterScoped("v1", "Namespace")).toBe(true);
});

it("refers to Kubernetes' types where those were read before or after", () => {
  for (const place of ["above", "below"] as const) {
    const schema = schemaFrom(colony, place);
    const pods = schema.typeOf("example.com/v1", "Colony")?.field("pods");
    expect(pods?.field("containers")?.mergeKeys).toEqual(["name"]);
    expect(schema.typeOf("v1", "Pod")).toBeDefined();
  }
});

it.each([[undefined], ["text"], [null]])("refuses %s for a document", (document) => {
  expect(() => schemaFrom(document)).toThrow("an OpenAPI document");
});

it.each([[{ definitions: null }], [{ definitions: { A: null }, paths: 5 }], [[]]])(
  "a document of another shape says nothing",
  (document) => {
    expect(schemaFrom(document).typeOf("v1", "Pod")).toBeUndefined();
  },
);
