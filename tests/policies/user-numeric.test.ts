import { expect, test } from "vitest";
import { userNumeric } from "../../policies/user-numeric.ts";
import { violations } from "./resources.ts";

test.each([
  ["the pod's user is the containers'", "{ runAsUser: 1001 }", "{}", []],
  ["a container may have its own", "{}", "{ runAsUser: 1001 }", []],
  [
    "a user by name is refused",
    "{ runAsUser: nodejs }",
    "{}",
    ['spec.securityContext.runAsUser: The pod names its user "nodejs" instead of a number'],
  ],
  [
    "root in the pod is refused, though each container has another",
    "{ runAsUser: 0 }",
    "{ runAsUser: 1001 }",
    ['spec.securityContext.runAsUser: The pod runs as root: "runAsUser" is 0'],
  ],
  [
    "root in a container is refused",
    "{ runAsUser: 1001 }",
    "{ runAsUser: 0 }",
    [
      'spec.containers[0].securityContext.runAsUser: Container "router" runs as root: "runAsUser" is 0',
    ],
  ],
  [
    "a group is no user",
    "{ runAsGroup: 1001, fsGroup: 1001 }",
    "{}",
    ['spec.securityContext.runAsUser: Container "router" runs as whatever user the image names'],
  ],
])("%s", (_, ofPod, ofContainer, findings) => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      securityContext: ${ofPod}
      containers:
        - { name: router, securityContext: ${ofContainer} }`;
  expect(violations(userNumeric, pod)).toEqual(findings);
});

test("Windows has no users by number", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec: { os: { name: windows }, containers: [{ name: router }] }`;
  expect(violations(userNumeric, pod)).toEqual([]);
});

test("the containers that inherit nothing are named together, init containers too", () => {
  const pod = `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      initContainers: [{ name: fetch }]
      containers:
        - { name: router, securityContext: { runAsUser: 1001 } }
        - { name: proxy }`;
  expect(violations(userNumeric, pod)).toEqual([
    'spec.securityContext.runAsUser: Container "fetch" and Container "proxy" run as whatever user the image names',
  ]);
});
