import { sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
apiVersion: v1
kind: ConfigMap
metadata: {name: plain}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: e3}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "e4"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: 123}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "124"}
---
apiVersion: v1
kind: Namespace
metadata: {name: space}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
---
apiVersion: example.com/v1
kind: APIService
metadata: {name: other}
spec: {alias: short, none: null}
`;

const aliases = `
namePrefix:
- {path: spec/alias, kind: APIService}
- {path: spec/made, kind: APIService, create: true}
- {path: spec/none, kind: APIService, create: true}
`;

sameAsKustomize({
  "a prefix and a suffix": { kustomization: "namePrefix: a-\nnameSuffix: -z", resources: objects },
  "a prefix that makes numbers": { kustomization: 'namePrefix: "1"', resources: objects },
  "a suffix that makes numbers": { kustomization: 'nameSuffix: "0"', resources: objects },
  "other fields that hold a name": {
    kustomization: "namePrefix: a-\nconfigurations: [aliases.yaml]",
    resources: objects,
    files: { "aliases.yaml": aliases },
  },
});
