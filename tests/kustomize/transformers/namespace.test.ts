import { sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, namespace: old}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: ""}
---
apiVersion: v1
kind: Namespace
metadata: {name: space}
---
apiVersion: example.com/v1
kind: Namespace
metadata: {name: strange}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binding}
subjects:
- {kind: ServiceAccount, name: default}
- {kind: ServiceAccount, name: other}
- {kind: ServiceAccount, name: default, namespace: old}
- {kind: User, name: default}
roleRef: {kind: ClusterRole, name: x, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: empty}
subjects: null
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
spec: {service: {name: a}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {conversion: {webhook: {clientConfig: {service: {name: a, namespace: old}}}}}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec: {where: old}
`;

function transformer(more: string) {
  return {
    kustomization: "transformers: [space.yaml]",
    resources: objects,
    files: {
      "space.yaml": `
apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: x, namespace: new}
${more}
`,
    },
  };
}

sameAsKustomize({
  "the namespace of every kind of object": { kustomization: "namespace: new", resources: objects },
  "a transformer file without field specs": transformer(""),
  "only what has none": transformer("unsetOnly: true"),
  "every service account": transformer("setRoleBindingSubjects: allServiceAccounts"),
  "no subject": transformer("setRoleBindingSubjects: none"),
  "a mode that there is not": transformer("setRoleBindingSubjects: some"),
  "field specs": transformer(`
fieldSpecs:
- {path: spec/where, kind: Thing}
- {path: metadata/name, kind: Namespace, create: true}
- {path: metadata/namespace}
- {path: subjects/namespace, kind: ClusterRoleBinding}
`),
  "a field spec that leads to a list": transformer(
    "fieldSpecs: [{path: subjects, kind: ClusterRoleBinding}]",
  ),
  "a null in its place": {
    kustomization: "namespace: new",
    resources: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: null}}",
  },
  "two objects of one name are refused": {
    kustomization: "namespace: new",
    resources: `
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: one}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: two}}
`,
  },
  "two namespaces that become one are refused": {
    kustomization: "namespace: new",
    resources: `
{apiVersion: v1, kind: Namespace, metadata: {name: a}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: b}}
`,
  },
});
