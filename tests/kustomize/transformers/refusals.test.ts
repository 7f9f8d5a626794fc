import { expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: one}
spec: {replicas: 1, selector: text}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: two}
`;

/** Where it is wrong, and what is told. */
function refusal(kustomization: string): string {
  const files = {
    "kustomization.yaml": `resources: [web.yaml]\n${kustomization}`,
    "web.yaml": web,
  };
  try {
    createBuilder(memoryTree(files)).build(".");
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return `${error.place?.file}:${error.place?.line} ${error.message}`;
  }
  return "";
}

test("what cannot be done names both sides and the place", () => {
  expect(refusal("namespace: three")).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot put two objects in the namespace "three" as Deployment "web": they were "web" of namespace "one" and "web" of namespace "two""`,
  );
  expect(refusal("commonLabels: {a: b}")).toMatchInlineSnapshot(
    `"web.yaml:5 Cannot set "spec/selector/matchLabels" of Deployment "web" in "one": a mapping or a list should hold "matchLabels", but there is "text""`,
  );
  expect(refusal('labels: [{pairs: {"12": b}}]')).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot set the key "12": it should not look like a number, a date or true"`,
  );
  expect(refusal("replicas: [{name: api, count: 2}]")).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot set replicas of "api": no object of that name is one of the kinds that have replicas: Deployment, StatefulSet, ReplicaSet, ReplicationController"`,
  );
  expect(refusal("images: [{name: '*app', newTag: b}]")).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot look for the image "*app": Kustomize takes the name for a regular expression, and it is none"`,
  );
  expect(
    refusal("replacements: [{source: {kind: Deployment}, targets: [{select: {kind: Service}}]}]"),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot choose the source of a replacement, kind "Deployment": more than one object is that"`,
  );
  expect(
    refusal(
      "replacements: [{source: {kind: Service, name: web}, targets: [{select: {kind: Service}}]}]",
    ),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot find the source of a replacement, kind "Service", name "web""`,
  );
  expect(
    refusal(
      "replacements: [{source: {namespace: one, fieldPath: spec.missing}, targets: [{select: {kind: Service}}]}]",
    ),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot replace anything by "spec.missing" of Deployment "web" in "one": the field is missing"`,
  );
  expect(
    refusal(
      "replacements: [{sourceValue: x, targets: [{select: {namespace: one}, fieldPaths: [spec.paused]}]}]",
    ),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot replace "spec.paused" of Deployment "web" in "one": there is no such field"`,
  );
  expect(
    refusal(
      "replacements: [{sourceValue: x, targets: [{select: {namespace: one}, fieldPaths: [spec.replicas]}]}]",
    ),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot replace "spec.replicas" of Deployment "web" in "one": its value "1" is of type integer, which "x" is not"`,
  );
  expect(
    refusal(
      "replacements: [{sourceValue: x, targets: [{select: {namespace: one}, fieldPaths: ['spec.*.x']}]}]",
    ),
  ).toMatchInlineSnapshot(
    `"kustomization.yaml:2 Cannot replace "spec.*.x" of Deployment "web" in "one": "*" looks for an item, but there is no list"`,
  );
});
