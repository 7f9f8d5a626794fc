import { expect, test } from "vitest";
import { blame } from "../../../scripts/kustomize/story/blame.ts";
import { printBlame } from "../../../scripts/kustomize/story/print-blame.ts";
import { printDocuments } from "../../../scripts/kustomize/yaml/print.ts";
import { builtResources } from "./fixture.ts";

test("blame says for every line what set it, and where", () => {
  expect(printBlame(builtResources().map(blame), { colour: false })).toMatchInlineSnapshot(`
    "base/kustomization.yaml:4:5    generator      │ apiVersion: v1
    base/kustomization.yaml:4:5    generator      │ data:
    base/kustomization.yaml:6:9    generator      │   MODE: plain
    base/kustomization.yaml:4:5    generator      │ kind: ConfigMap
    base/kustomization.yaml:4:5    generator      │ metadata:
    prod/kustomization.yaml:1:13   name hash      │   name: prod-settings-fd7g28cd7g
                                                  │ ---
    base/deployment.yaml:1:13      resource       │ apiVersion: apps/v1
    base/deployment.yaml:2:7       resource       │ kind: Deployment
    base/deployment.yaml:3:1       resource       │ metadata:
    prod/kustomization.yaml:1:13   namePrefix     │   name: prod-router
    base/deployment.yaml:7:1       resource       │ spec:
    prod/kustomization.yaml:16:12  replicas       │   replicas: 4
    base/deployment.yaml:9:3       resource       │   template:
    base/deployment.yaml:10:5      resource       │     spec:
    base/deployment.yaml:11:7      resource       │       containers:
    base/deployment.yaml:14:11     resource       │       - envFrom:
    base/deployment.yaml:15:15     resource       │         - configMapRef:
    base/deployment.yaml:16:23     name reference │             name: prod-settings-fd7g28cd7g
    prod/kustomization.yaml:6:13   images         │         image: router:2.1
    base/deployment.yaml:12:17     resource       │         name: router
    "
  `);
});

test("blame shows the lines that are printed", () => {
  const resources = builtResources();
  const lines = resources.map((resource) => blame(resource).map(({ line }) => `${line}\n`));
  expect(lines.map((one) => one.join("")).join("---\n")).toBe(
    printDocuments(resources.map(({ object }) => object)),
  );
});
