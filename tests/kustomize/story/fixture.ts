import { createBuilder } from "../../../scripts/kustomize/build.ts";
import type { Resource } from "../../../scripts/kustomize/resource/resource.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

const files = {
  "base/kustomization.yaml": `resources:
  - deployment.yaml
configMapGenerator:
  - name: settings
    literals:
      - MODE=plain
`,
  "base/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
  annotations:
    example.com/team: serving
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: router
          image: router:1.0
          envFrom:
            - configMapRef:
                name: settings
`,
  "prod/kustomization.yaml": `namePrefix: prod-
resources:
  - ../base
images:
  - name: router
    newTag: "2.1"
patches:
  - path: patch-replicas.yaml
  - target:
      kind: Deployment
    patch: |-
      - op: remove
        path: /metadata/annotations
replicas:
  - name: router
    count: 4
`,
  "prod/patch-replicas.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
spec:
  replicas: 3
`,
};

/** A Deployment that a base, a patch, images and replicas had a hand in, and its ConfigMap. */
export function builtResources(): readonly Resource[] {
  return createBuilder(memoryTree(files)).build("prod").resources;
}
