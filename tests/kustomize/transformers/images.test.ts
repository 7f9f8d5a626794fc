import { sameAsKustomize } from "./same-as-kustomize.ts";

const objects = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers: null
      volumes: null
      containers:
      - {name: a, image: nginx}
      - {name: b, image: "nginx:1.0"}
      - {name: c, image: nginx@sha256:abc}
      - {name: d, image: "nginx:1@sha256:abc"}
      - {name: e, image: "localhost:5000/nginx:1"}
      - {name: f, image: "nginx:"}
      - {name: g, image: null}
      - {name: h}
      - {name: i, image: 12}
      - null
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
deep: [{initContainers: [{image: nginx:1}], image: nginx:1}]
spec: {volumes: [{image: {reference: nginx:1}}], image: nginx}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {containers: [{image: nginx:1}]}
`;

function images(...entries: string[]) {
  return { kustomization: `images: [${entries.join(", ")}]`, resources: objects };
}

sameAsKustomize({
  "a new tag": images('{name: nginx, newTag: "2"}'),
  "a new name": images("{name: nginx, newName: other/nginx}"),
  "a new name with a port": images("{name: nginx, newName: 'localhost:1/nginx', newTag: v1}"),
  "a digest": images("{name: nginx, digest: 'sha256:def'}"),
  "a tag and a digest": images("{name: nginx, newTag: v1, digest: 'sha256:def'}"),
  "a suffix is added twice": images("{name: nginx, tagSuffix: -debug}"),
  "a name that is a pattern": images("{name: '.*nginx', newTag: v1}"),
  "a chain of names": images("{name: nginx, newName: b}", "{name: b, newName: c, newTag: v1}"),
  "a registry with a port": images("{name: 'localhost:5000/nginx', newTag: v1}"),
  "a number as a name": images('{name: "12", newTag: "3"}', '{name: "12", newName: "13"}'),
  "the text of a null": images('{name: "null", newName: x}'),
  "no name at all": images("{newTag: v1}"),
  "nothing new": images("{name: nginx}"),
  "an item that is no mapping is refused": {
    kustomization: "images: [{name: a, newTag: b}]",
    resources: "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [a]}}",
  },
  "an image that is a list is refused": {
    kustomization: "images: [{name: a, newTag: b}]",
    resources:
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{image: [a]}]}}",
  },
});
