import { expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { liveSteps, type Origin, placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

const files = {
  "kustomization.yaml": `resources: [web.yaml]
namePrefix: a-
labels:
- pairs:
    team: core
images:
- name: app
  newName: registry/app
  newTag: "2"
- name: side
  newTag: "3"
replicas:
- name: web
  count: 3
replacements:
- sourceValue: part
  targets:
  - select: {kind: Deployment}
    fieldPaths: [metadata.annotations.url]
    options: {delimiter: /, index: 1}
- source: {kind: Deployment, name: web, fieldPath: metadata.labels.team}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [metadata.annotations.team]
    options: {create: true}
`,
  "web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {team: none}
  annotations: {url: host/path}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: app, image: "app:1"}
      - {name: side, image: "side:1"}
`,
};

const [web] = createBuilder(memoryTree(files)).build(".").resources;

/** The steps that still count, newest first: what was done, and the lines of all values it took. */
function stepsAt(...path: (string | number)[]): string[] {
  const node = nodeAt(web?.object, path);
  return [...liveSteps(node?.origin ?? { operation: "resource" })].map(
    (step) => `${step.operation}: ${linesOf(step).join(" ")}`,
  );
}

function linesOf({ mark, from = [] }: Origin): string[] {
  const place = mark && placeOf(mark);
  const own = place ? [`${place.file}:${place.line}`] : [];
  return [...own, ...from.flatMap((node) => linesOf(node.origin))];
}

test("a prefix is put before a name that stays", () => {
  expect(stepsAt("metadata", "name")).toEqual([
    "namePrefix: kustomization.yaml:2",
    "resource: web.yaml:4",
  ]);
});

test("a label takes the place of what was there", () => {
  expect(stepsAt("metadata", "labels", "team")).toEqual(["labels: kustomization.yaml:5"]);
});

test("an image with a new name and tag is wholly new", () => {
  expect(stepsAt("spec", "template", "spec", "containers", 0, "image")).toEqual([
    "images: kustomization.yaml:9 kustomization.yaml:8",
  ]);
});

test("an image with a new tag keeps its name", () => {
  expect(stepsAt("spec", "template", "spec", "containers", 1, "image")).toEqual([
    "images: kustomization.yaml:11",
    "resource: web.yaml:13",
  ]);
});

test("a count takes the place of another", () => {
  expect(stepsAt("spec", "replicas")).toEqual(["replicas: kustomization.yaml:14"]);
});

test("a replacement of a part keeps the others", () => {
  expect(stepsAt("metadata", "annotations", "url")).toEqual([
    "replacement: kustomization.yaml:16 kustomization.yaml:16",
    "resource: web.yaml:6",
  ]);
});

test("a replacement names the value it took, and what made that", () => {
  expect(stepsAt("metadata", "annotations", "team")).toEqual([
    "replacement: kustomization.yaml:5 kustomization.yaml:5",
  ]);
});
