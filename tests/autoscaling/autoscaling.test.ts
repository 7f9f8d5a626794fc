import { expect, it } from "vitest";
import { autoscalingFindings } from "../../scripts/checks/autoscaling/index.ts";
import { resourcesIn } from "../policies/resources.ts";

const pool = `
  apiVersion: antfly.io/v1alpha1
  kind: TermitePool
  metadata: {name: queries, namespace: termite}
  spec:
    scaleSelector: app.kubernetes.io/name=termite,antfly.io/pool=queries
    replicas:
      min: 2
      max: 8
  ---
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: queries-scaler, namespace: termite}
  spec:
    scaleTargetRef: {apiVersion: antfly.io/v1alpha1, kind: TermitePool, name: queries}
    minReplicaCount: 2
    maxReplicaCount: 8`;

function findings(text: string, from = "", to = ""): string[] {
  if (!text.includes(from)) throw new Error(`There is no "${from}" to change`);
  return autoscalingFindings(resourcesIn(text.replace(from, to))).map(
    ({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`,
  );
}

it("is silent about a scaler within the bounds of its pool", () => {
  expect(findings(pool)).toEqual([]);
  expect(findings(pool, "maxReplicaCount: 8", "maxReplicaCount: 7")).toEqual([]);
});

it.each([
  [
    "goes above the pool's maximum",
    ["maxReplicaCount: 8", "maxReplicaCount: 9"],
    'scaler-bounds rendered.yaml:17 "maxReplicaCount" of ScaledObject "queries-scaler" is 9, and TermitePool "queries" (rendered.yaml:9) may have at most 8',
  ],
  [
    "leaves KEDA's own maximum of 100",
    ["\n    maxReplicaCount: 8", ""],
    'scaler-bounds rendered.yaml:15 "maxReplicaCount" of ScaledObject "queries-scaler" is 100, and TermitePool "queries" (rendered.yaml:9) may have at most 8',
  ],
  [
    "goes below the pool's minimum",
    ["minReplicaCount: 2", "minReplicaCount: 1"],
    'scaler-bounds rendered.yaml:16 "minReplicaCount" of ScaledObject "queries-scaler" is 1, and TermitePool "queries" (rendered.yaml:8) may have no fewer than 2',
  ],
  [
    "scales the StatefulSet that the operator owns",
    [
      "apiVersion: antfly.io/v1alpha1, kind: TermitePool, name",
      "apiVersion: apps/v1, kind: StatefulSet, name",
    ],
    'scaler-target-owned rendered.yaml:15 ScaledObject "queries-scaler" scales StatefulSet "queries", whose replicas the operator of TermitePool "queries" (rendered.yaml:4) sets back to "spec.replicas.min"',
  ],
  [
    "counts the pods of another pool",
    ["antfly.io/pool=queries", "antfly.io/pool=documents"],
    'scaler-selector rendered.yaml:6 TermitePool "queries" says that its pods are "app.kubernetes.io/name=termite,antfly.io/pool=documents", which ScaledObject "queries-scaler" (rendered.yaml:15) reads',
  ],
  [
    "finds no selector",
    ["    scaleSelector: app.kubernetes.io/name=termite,antfly.io/pool=queries\n", ""],
    'scaler-selector rendered.yaml:6 TermitePool "queries" does not say which pods are its own, which ScaledObject "queries-scaler" (rendered.yaml:14) reads',
  ],
] as const)("finds that a scaler %s", (_, [from, to], expected) => {
  expect(findings(pool, from, to)).toEqual([expected]);
});

it.each([
  ["monitoring.coreos.com/v1", "Prometheus", "StatefulSet", "prometheus-main", "spec.replicas"],
  ["monitoring.coreos.com/v1", "Alertmanager", "StatefulSet", "alertmanager-main", "spec.replicas"],
  ["rabbitmq.com/v1beta1", "RabbitmqCluster", "StatefulSet", "main-server", "spec.replicas"],
  ["postgresql.cnpg.io/v1", "Pooler", "Deployment", "main", "spec.instances"],
])("knows what the operator of a %s %s makes", (apiVersion, kind, made, name, field) => {
  const manifests = `
  apiVersion: ${apiVersion}
  kind: ${kind}
  metadata: {name: main, namespace: data}
  ---
  apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: {name: scaler, namespace: data}
  spec:
    scaleTargetRef: {apiVersion: apps/v1, kind: ${made}, name: ${name}}`;
  expect(findings(manifests)).toEqual([
    `scaler-target-owned rendered.yaml:10 HorizontalPodAutoscaler "scaler" scales ${made} "${name}", whose replicas the operator of ${kind} "main" (rendered.yaml:4) sets back to "${field}"`,
  ]);
  expect(findings(manifests, `name: ${name}}`, "name: another}")).toEqual([]);
  expect(
    findings(manifests, "name: scaler, namespace: data", "name: scaler, namespace: x"),
  ).toEqual([]);
});
