import { expect, test } from "vitest";
import { labelsStandard } from "../../policies/labels-standard.ts";
import { violations } from "./resources.ts";

test("an object in a namespace needs both labels", () => {
  const service = `
    apiVersion: v1
    kind: Service
    metadata: { name: router, namespace: router, labels: { app: router } }`;
  expect(violations(labelsStandard, service)).toEqual([
    'metadata.labels: Service "router" has no label "app.kubernetes.io/name" and no label "app.kubernetes.io/part-of"',
  ]);
});

test("an object outside of namespaces needs none", () => {
  const objects = `
    apiVersion: v1
    kind: Namespace
    metadata: { name: router }
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: { name: router }`;
  expect(violations(labelsStandard, objects)).toEqual([]);
});

test("a Pod, which is its own template, is told once", () => {
  const pod =
    "{ apiVersion: v1, kind: Pod, metadata: { name: router, namespace: router }, spec: {} }";
  expect(violations(labelsStandard, pod)).toHaveLength(1);
});

test("a pod template needs them as well, since pods are what is selected", () => {
  const job = `
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: backup
      namespace: router
      labels: { app.kubernetes.io/name: backup, app.kubernetes.io/part-of: router }
    spec:
      jobTemplate:
        spec:
          template:
            metadata: { labels: { app.kubernetes.io/name: backup } }
            spec: { containers: [] }`;
  expect(violations(labelsStandard, job)).toEqual([
    'spec.jobTemplate.spec.template.metadata.labels: The pod template of CronJob "backup" has no label "app.kubernetes.io/part-of"',
  ]);
});
