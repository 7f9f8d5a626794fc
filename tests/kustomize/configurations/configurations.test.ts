import { expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { sameAsKustomize } from "../transformers/same-as-kustomize.ts";

const resources = `
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec:
  labels: {x: y}
  annotations: {x: y}
  image: app:1
  images: [app:1]
  count: 1
  secret: {name: s}
  other: {reference: m}
  deep: {labels: {}, id: short}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
---
apiVersion: example.com/v1
kind: Other
metadata: {name: m}
`;

function configured(configuration: string, kustomization: string) {
  return {
    kustomization: `configurations: [configuration.yaml]\n${kustomization}`,
    resources,
    files: { "configuration.yaml": configuration },
  };
}

const everything = `
namePrefix: a-
commonLabels: {team: a}
commonAnnotations: {note: b}
images: [{name: app, newTag: "2"}]
replicas: [{name: thing, count: 3}]
namespace: space
`;

const crds = `
com.example.v1.Thing:
  Schema:
    properties:
      apiVersion: {type: string}
      kind: {type: string}
      metadata: {type: object}
      spec: {$ref: com.example.v1.ThingSpec}
com.example.v1.ThingSpec:
  Schema:
    properties:
      labels: {x-kubernetes-label-selector: ""}
      annotations: {x-kubernetes-annotation: ""}
      secret: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret}
      other:
        x-kubernetes-object-ref-api-version: v1
        x-kubernetes-object-ref-kind: Other
        x-kubernetes-object-ref-name-key: reference
      deep: {$ref: com.example.v1.Deep}
com.example.v1.Deep:
  Schema:
    properties:
      labels: {x-kubernetes-label-selector: ""}
      id: {x-kubernetes-identity: ""}
`;

sameAsKustomize({
  "fields of every transformer": configured(
    `
commonLabels: [{path: spec/labels, kind: Thing, create: true}]
commonAnnotations: [{path: spec/annotations, kind: Thing}]
images: [{path: spec/image, kind: Thing}, {path: spec/images, kind: Thing}]
replicas: [{path: spec/count, kind: Thing, create: true}]
namespace: [{path: spec/namespace, kind: Thing, create: true}]
namePrefix: [{path: spec/deep/id, kind: Thing}]
nameReference: [{kind: Secret, version: v1, fieldSpecs: [{path: spec/secret/name, kind: Thing}]}]
`,
    everything,
  ),
  "labels of their own": configured(
    "labels: [{path: spec/labels, kind: Thing, create: true}]\ntemplateLabels: [{path: spec/deep/labels, kind: Thing}]",
    "labels: [{pairs: {team: a}, includeTemplates: true}]",
  ),
  "an empty file": configured("", everything),
  "a field that is there already": configured(
    "commonLabels: [{path: metadata/labels, create: true}]",
    everything,
  ),
  "a field for one kind that is there for all": configured(
    "commonLabels: [{path: metadata/labels, kind: Thing, create: true}]",
    everything,
  ),
  "the same field with another create is refused": configured(
    "commonLabels: [{path: metadata/labels, create: false}]",
    everything,
  ),
  "an unknown field is refused": configured("namoPrefix: [{path: a}]", everything),
  "an unknown field of a field spec is refused": configured("namePrefix: [{paths: a}]", everything),
  "a mapping for a list is refused": configured("namePrefix: {path: a}", everything),
  "a text for create is refused": configured("namePrefix: [{path: a, create: some}]", everything),
  "an empty part of a path is refused": configured(
    "commonLabels: [{path: spec//labels, kind: Thing}]",
    everything,
  ),
  "kinds by their definitions": {
    kustomization: `crds: [crds.yaml]\n${everything}`,
    resources,
    files: { "crds.yaml": crds },
  },
  "kinds by definitions in JSON": {
    kustomization: `crds: [crds.json]\n${everything}`,
    resources,
    files: {
      "crds.json": JSON.stringify({
        "a.Thing": {
          Schema: {
            properties: {
              apiVersion: {},
              kind: {},
              metadata: {},
              spec: { $ref: "a.Spec" },
            },
          },
        },
        "a.Spec": { Schema: { properties: { labels: { "x-kubernetes-label-selector": "" } } } },
      }),
    },
  },
});

test("a definition that leads back to itself is refused", () => {
  const files = {
    "kustomization.yaml": "crds: [crds.yaml]",
    "crds.yaml": `
a.Thing:
  Schema: {properties: {apiVersion: {}, kind: {}, metadata: {}, spec: {$ref: a.Thing}}}
`,
  };
  expect(buildFiles(files, ".")).toEqual({
    error:
      'Cannot follow the definition "a.Thing": it leads back to itself, and its fields have no end',
  });
});
