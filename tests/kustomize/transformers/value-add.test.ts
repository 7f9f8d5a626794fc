import { type Example, sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {file: a/nice/pie, absolute: /a/pie, empty: "", root: /, number: 5, list: [{name: x}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: c}, subjects: [{kind: ServiceAccount, name: default}]}
`;

function add(...targets: string[]): Example {
  return {
    kustomization: "transformers: [add.yaml]",
    resources: objects,
    files: {
      "add.yaml": `
apiVersion: builtin
kind: ValueAddTransformer
metadata: {name: add}
value: peach
targets: [${targets.join(", ")}]
`,
    },
  };
}

sameAsKustomize({
  "a namespace": add("{fieldPath: metadata/namespace}"),
  "an annotation everywhere": add("{fieldPath: metadata/annotations/fruit}"),
  "one kind": add("{fieldPath: data/fruit, selector: {kind: ConfigMap}}"),
  "a field with a slash": add('{fieldPath: "metadata/annotations/a\\\\/b"}'),
  "a number": add("{fieldPath: data/number, selector: {kind: ConfigMap}}"),
  "a list item": add('{fieldPath: "data/list/[name=x]/value", selector: {kind: ConfigMap}}'),
  "a list item to make": add(
    '{fieldPath: "data/list/[name=y]/value", selector: {kind: ConfigMap}}',
  ),
  "the start of paths": add(
    ...["file", "absolute", "empty", "root"].map(
      (name) => `{fieldPath: data/${name}, selector: {kind: ConfigMap}, filePathPosition: 1}`,
    ),
  ),
  "the middle of paths": add(
    ...["file", "absolute", "empty", "root"].map(
      (name) => `{fieldPath: data/${name}, selector: {kind: ConfigMap}, filePathPosition: 2}`,
    ),
  ),
  "the end of paths": add(
    ...["file", "absolute", "empty", "root"].map(
      (name) => `{fieldPath: data/${name}, selector: {kind: ConfigMap}, filePathPosition: 99}`,
    ),
  ),
  "no target is refused": add(),
  "no path is refused": add("{selector: {kind: ConfigMap}}"),
});
