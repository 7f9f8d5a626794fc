import { sameAsKustomize } from "./same-as-kustomize.ts";

const resources = `
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {kept: x}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {app.kubernetes.io/managed-by: me}}}
`;

const files = {
  "base/kustomization.yaml": `
resources: ["odd-name.yaml"]
namePrefix: x-
configMapGenerator: [{name: g, literals: [a=b]}]
`,
  "base/odd-name.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
};

function kustomization(buildMetadata: string): string {
  return `
resources: [resources.yaml, base]
nameSuffix: -y
labels: [{pairs: {a: b}}]
secretGenerator: [{name: s, literals: [a=b]}]
buildMetadata: [${buildMetadata}]
`.replace(/^\n/, "");
}

function example(buildMetadata: string) {
  return {
    kustomization: kustomization(buildMetadata),
    resources,
    files: { ...files, "kustomization.yaml": kustomization(buildMetadata) },
  };
}

sameAsKustomize({
  "where objects are from": example("originAnnotations"),
  "who changed them": example("transformerAnnotations"),
  "who manages them": example("managedByLabel"),
  all: example("originAnnotations, transformerAnnotations, managedByLabel"),
  none: example(""),
});
