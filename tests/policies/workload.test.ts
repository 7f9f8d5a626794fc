import { expect, test } from "vitest";
import { containersOf, podTemplateOf } from "../../policies/workload.ts";
import { formatPath } from "../../scripts/fleet/resource.ts";
import { resourcesIn } from "./resources.ts";

test.each([
  ["Pod", "v1", "spec"],
  ["Deployment", "apps/v1", "spec.template.spec"],
  ["StatefulSet", "apps/v1", "spec.template.spec"],
  ["DaemonSet", "apps/v1", "spec.template.spec"],
  ["ReplicaSet", "apps/v1", "spec.template.spec"],
  ["Job", "batch/v1", "spec.template.spec"],
  ["CronJob", "batch/v1", "spec.jobTemplate.spec.template.spec"],
])("containersOf() finds the containers of a %s", (kind, apiVersion, path) => {
  const fields = path.split(".");
  const spec = `${fields.join(": { ")}: { containers: [{ name: router }]${" }".repeat(fields.length)}`;
  const [resource] = resourcesIn(
    `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: router }, ${spec} }`,
  );
  const found = resource ? containersOf(resource) : [];
  expect(found.map((at) => [at.container.name, formatPath(at.path)])).toEqual([
    ["router", `${path}.containers[0]`],
  ]);
});

test("containersOf() lists containers in the order in which they start and tells their role", () => {
  const found = resourcesIn(`
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      containers: [{ name: router }]
      ephemeralContainers: [{ name: debug }]
      initContainers: [{ name: fetch }, { name: proxy, restartPolicy: Always }]`).flatMap(
    containersOf,
  );
  expect(found.map(({ container, role }) => `${container.name}: ${role}`)).toEqual([
    "fetch: init",
    "proxy: sidecar",
    "router: container",
    "debug: ephemeral",
  ]);
});

test.each([
  [
    "another kind",
    "{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, spec: { containers: [{ name: b }] } }",
  ],
  [
    "a kind of the same name in another API",
    "{ apiVersion: example.com/v1, kind: Pod, metadata: { name: a }, spec: { containers: [{ name: b }] } }",
  ],
  [
    "a Deployment without a template",
    "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: a }, spec: {} }",
  ],
])("podTemplateOf() knows none of %s", (_, yaml) => {
  expect(resourcesIn(yaml).map(podTemplateOf)).toEqual([undefined]);
});
