import { type Example, sameAsKustomize } from "./same-as-kustomize.ts";

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec: {template: {metadata: {annotations: {z: z}}}}
`;

/** An overlay over a base in which Kustomize wrote one value into several fields. */
function over(base: string, overlay: string): Example {
  const kustomization = `resources: [base]\n${overlay}`;
  return {
    kustomization,
    resources: deployment,
    files: {
      "kustomization.yaml": kustomization,
      "base/kustomization.yaml": `resources: [a.yaml]\n${base}`,
      "base/a.yaml": deployment,
    },
  };
}

function patched(patch: unknown, more = ""): string {
  const target = Array.isArray(patch) ? ", target: {kind: Deployment}" : "";
  const text = JSON.stringify(
    Array.isArray(patch)
      ? patch
      : { apiVersion: "apps/v1", kind: "Deployment", ...(patch as object) },
  );
  return `patches: [{patch: '${text}'${target}}]\n${more}`;
}

function replaced(path: string): string {
  return `replacements: [{sourceValue: prod, targets: [{select: {kind: Deployment}, fieldPaths: [${path}]}]}]`;
}

const labels = "commonLabels: {env: base}";
const annotations = "commonAnnotations: {env: base}";
const prod = "labels: [{pairs: {env: prod}}]";

sameAsKustomize({
  "a label for the metadata alone reaches the selectors": over(labels, prod),
  "in one kustomization too": over(
    "labels: [{pairs: {env: a}, includeSelectors: true}, {pairs: {env: b}}]",
    "",
  ),
  "a label of a template reaches them too": over(
    labels,
    "labels: [{pairs: {env: prod}, includeTemplates: true}]",
  ),
  "a patched label": over(labels, patched({ metadata: { name: "a", labels: { env: "prod" } } })),
  "a patched label of a template, and one more label": over(
    labels,
    patched(
      {
        metadata: { name: "a" },
        spec: { template: { metadata: { labels: { env: "x" } } } },
      },
      prod,
    ),
  ),
  "two patched labels that differ": over(
    labels,
    patched({
      metadata: { name: "a", labels: { env: "x" } },
      spec: { template: { metadata: { labels: { env: "y" } } } },
    }),
  ),
  "a label that a patch takes away": over(
    labels,
    patched({ metadata: { name: "a", labels: { env: null } } }),
  ),
  "a patch of something else": over(
    labels,
    patched({ metadata: { name: "a" }, spec: { replicas: 2 } }, prod),
  ),
  "a JSON patch gives each field its own": over(
    labels,
    patched([{ op: "add", path: "/spec/replicas", value: 2 }], prod),
  ),
  "a label that a JSON patch sets": over(
    labels,
    patched([{ op: "replace", path: "/metadata/labels/env", value: "prod" }]),
  ),
  "a replaced label": over(labels, replaced("metadata.labels.env")),
  "a replaced selector": over(labels, replaced("spec.selector.matchLabels.env")),
  "a replaced annotation": over(annotations, replaced("metadata.annotations.env")),
  "a replaced annotation of a template": over(
    annotations,
    replaced("spec.template.metadata.annotations.env"),
  ),
  "build metadata gives the annotations their own": over(
    annotations,
    `buildMetadata: [originAnnotations]\n${replaced("metadata.annotations.env")}`,
  ),
  "a var in a label": over(
    "commonLabels: {env: $(NAME)}\nvars: [{name: NAME, objref: {apiVersion: apps/v1, kind: Deployment, name: a}}]",
    "",
  ),
});
