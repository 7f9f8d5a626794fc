import { expect, it, test } from "vitest";
import { explain } from "../../../scripts/kustomize/story/explain.ts";
import { findResource } from "../../../scripts/kustomize/story/find-resource.ts";
import { printExplanation } from "../../../scripts/kustomize/story/print-explanation.ts";
import { builtResources } from "./fixture.ts";

const story = (object: string, path: string) => {
  const found = findResource(builtResources(), object);
  return printExplanation(explain(found, path), `${object} ${path}`, { colour: false });
};

test("explain tells what replaced a value, oldest first", () => {
  expect(story("Deployment/router", "spec.replicas")).toMatchInlineSnapshot(`
    "Deployment/router spec.replicas is "4"

      resource (replaced below)
        base/deployment.yaml:8:13
        │   replicas: 1

      strategic merge patch (replaced below)
        prod/patch-replicas.yaml:6:13
        │   replicas: 3
        by prod/kustomization.yaml:8:5
        │   - path: patch-replicas.yaml

      replicas
        prod/kustomization.yaml:16:12
        │     count: 4
        by prod/kustomization.yaml:15:5
        │   - name: router
    "
  `);
});

test("explain tells both parts of a value that was edited", () => {
  expect(
    story("Deployment/prod-router", "spec.template.spec.containers[name=router].image"),
  ).toMatchInlineSnapshot(`
    "Deployment/prod-router spec.template.spec.containers[name=router].image is "router:2.1"

      resource
        base/deployment.yaml:13:18
        │           image: router:1.0

      images
        prod/kustomization.yaml:6:13
        │     newTag: "2.1"
        by prod/kustomization.yaml:5:5
        │   - name: router
    "
  `);
});

test("explain follows a name to the object that it names", () => {
  expect(
    story("Deployment/router", "spec.template.spec.containers[0].envFrom[0].configMapRef.name"),
  ).toMatchInlineSnapshot(`
    "Deployment/router spec.template.spec.containers[0].envFrom[0].configMapRef.name is "prod-settings-fd7g28cd7g"

      resource
        base/deployment.yaml:16:23
        │                 name: settings

      name reference
        made from
          generator
            base/kustomization.yaml:4:11
            │   - name: settings
          namePrefix
            prod/kustomization.yaml:1:13
            │ namePrefix: prod-
          name hash
            made from
              generator
                base/kustomization.yaml:4:5
                │   - name: settings
    "
  `);
});

test("explain tells what took a value away", () => {
  expect(story("Deployment/router", "metadata.annotations")).toMatchInlineSnapshot(`
    "Deployment/router metadata.annotations was removed

      resource (replaced below)
        base/deployment.yaml:5:3
        │   annotations:

      JSON patch
        prod/kustomization.yaml:13:15
        │   path: /metadata/annotations
        by prod/kustomization.yaml:9:5
        │   - target:
    "
  `);
});

it.each<[string, string, string]>([
  [
    "Deployment/router",
    "spec.replica",
    'There is no "spec.replica": in place of "replica" there are "replicas", "template"',
  ],
  [
    "Deployment/router",
    "spec.replicas.count",
    'There is no "spec.replicas.count": the value before "count" is "4"',
  ],
  [
    "Deployment/router",
    "spec.template.spec.containers[name=web]",
    'in place of "web" there are "[name=router]"',
  ],
  ["Deployment/web", "spec", 'There is no "Deployment/web": there are "Deployment/prod-router"'],
])("explain %s %s says what there is", (object, path, message) => {
  expect(() => story(object, path)).toThrow(message);
});
