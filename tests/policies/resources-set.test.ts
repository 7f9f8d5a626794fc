import { expect, test } from "vitest";
import { resourcesSet } from "../../policies/resources-set.ts";
import { violations } from "./resources.ts";

test("what is missing is told in one sentence per container", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      initContainers:
        - name: fetch
          resources: { requests: { cpu: 100m, memory: 128Mi } }
      containers:
        - name: router`;
  expect(violations(resourcesSet, pod)).toEqual([
    'spec.initContainers[0].resources: Container "fetch" has no memory limit',
    'spec.containers[0].resources: Container "router" has no CPU request, no memory request, no memory limit',
  ]);
});

test.each([
  ["a limit is the request that is not set", "{ limits: { cpu: 100m, memory: 128Mi } }", "{}"],
  [
    "a CPU limit is not asked for",
    "{ requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }",
    "{}",
  ],
  [
    "the pod may hold them for its containers",
    "{}",
    "{ requests: { cpu: 1 }, limits: { memory: 1Gi } }",
  ],
])("%s", (_, ofContainer, ofPod) => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec: { containers: [{ name: router, resources: ${ofContainer} }], resources: ${ofPod} }`;
  expect(violations(resourcesSet, pod)).toEqual([]);
});

test("a value that a patch set to null is not set", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      containers:
        - name: router
          resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: null } }`;
  expect(violations(resourcesSet, pod)).toEqual([
    'spec.containers[0].resources: Container "router" has no memory limit',
  ]);
});

test("ephemeral containers cannot have resources and are left alone", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec: { containers: [], ephemeralContainers: [{ name: debug }] }`;
  expect(violations(resourcesSet, pod)).toEqual([]);
});
