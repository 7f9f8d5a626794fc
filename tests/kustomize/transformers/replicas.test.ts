import { sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: null}}
---
{apiVersion: v1, kind: ReplicationController, metadata: {name: web}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: only}}
`;

sameAsKustomize({
  "every kind that has them": {
    kustomization: "replicas: [{name: web, count: 5}]",
    resources: objects,
  },
  "the name before a prefix": {
    kustomization: "namePrefix: a-\nreplicas: [{name: web, count: 0x10}, {name: a-web, count: 2}]",
    resources: objects,
  },
  "no count is none": { kustomization: "replicas: [{name: web}]", resources: objects },
  "a kind that has none is refused": {
    kustomization: "replicas: [{name: only, count: 5}]",
    resources: objects,
  },
  "a name that there is not is refused": {
    kustomization: "replicas: [{name: other, count: 5}]",
    resources: objects,
  },
  "a list in the place of the number is refused": {
    kustomization: "replicas: [{name: web, count: 5}]",
    resources:
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: []}}",
  },
});
