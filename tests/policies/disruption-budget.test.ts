import { expect, test } from "vitest";
import { disruptionBudget } from "../../policies/disruption-budget.ts";
import { violations } from "./resources.ts";

const missing = (pods: number) => [
  `spec: Deployment "router" keeps at least ${pods} pods and has no PodDisruptionBudget`,
];

test.each([
  ["one replica", deployment(1), []],
  ["no number, which is one replica", deployment(), []],
  ["two replicas", deployment(2), missing(2)],
  ["an autoscaler that keeps one", deployment() + autoscaler(1), []],
  ["an autoscaler that keeps three", deployment() + autoscaler(3), missing(3)],
  ["a ScaledObject that may scale to zero", deployment() + scaledObject(0), []],
  ["a ScaledObject that keeps two", deployment() + scaledObject(2), missing(2)],
])("without a budget: %s", (_, yaml, findings) => {
  expect(violations(disruptionBudget, yaml)).toEqual(findings);
});

test.each([
  ["maxUnavailable: 1", 3],
  ["maxUnavailable: 10%", 3],
  ["minAvailable: 2", 3],
  ["minAvailable: 50%", 3],
  ["minAvailable: 0", 1],
])("a budget with %s lets one of %i pods go", (amount, replicas) => {
  expect(violations(disruptionBudget, deployment(replicas) + budget(amount))).toEqual([]);
});

test.each([
  ["maxUnavailable: 0", 3, 'spec.maxUnavailable: … never lets a pod go: "maxUnavailable" is "0"'],
  ["maxUnavailable: 0%", 3, 'spec.maxUnavailable: … never lets a pod go: "maxUnavailable" is "0%"'],
  [
    "minAvailable: 3",
    3,
    'spec.minAvailable: … never lets a pod go: "minAvailable" is "3" and there may be only 3',
  ],
  [
    "minAvailable: 100%",
    3,
    'spec.minAvailable: … never lets a pod go: "minAvailable" is "100%" and there may be only 3',
  ],
  [
    "minAvailable: 90%",
    3,
    'spec.minAvailable: … never lets a pod go: "minAvailable" is "90%" and there may be only 3',
  ],
  [
    "minAvailable: 1",
    1,
    'spec.minAvailable: … never lets a pod go: "minAvailable" is "1" and there may be only 1',
  ],
  [
    "unhealthyPodEvictionPolicy: AlwaysAllow",
    3,
    'spec: … never lets a pod go: it sets neither "maxUnavailable" nor "minAvailable"',
  ],
  [
    "maxUnavailable: 1, minAvailable: 1",
    3,
    'spec: … sets both "maxUnavailable" and "minAvailable", which the API refuses',
  ],
])("a budget with %s over %i pods is a finding", (amount, replicas, finding) => {
  expect(violations(disruptionBudget, deployment(replicas) + budget(amount))).toEqual([
    finding.replace("…", 'PodDisruptionBudget "router"'),
  ]);
});

test("the fewest pods an autoscaler leaves are what a budget is held against", () => {
  const yaml = deployment() + autoscaler(2) + budget("minAvailable: 2");
  expect(violations(disruptionBudget, yaml)).toEqual([
    'spec.minAvailable: PodDisruptionBudget "router" never lets a pod go: "minAvailable" is "2" and there may be only 2',
  ]);
});

test("a budget over two workloads counts the pods of both", () => {
  const yaml = deployment(2) + deployment(1, "canary") + budget("minAvailable: 2");
  expect(violations(disruptionBudget, yaml)).toEqual([]);
});

test("two budgets on one workload are told at the second", () => {
  const yaml = deployment(2) + budget("maxUnavailable: 1") + budget("maxUnavailable: 1", "other");
  expect(violations(disruptionBudget, yaml)).toEqual([
    'spec.selector: PodDisruptionBudget "other" selects the pods of Deployment "router", as PodDisruptionBudget "router" does: a pod with two budgets cannot be evicted',
  ]);
});

test("a budget over the pods of an operator is judged by what it says itself", () => {
  expect(violations(disruptionBudget, budget("minAvailable: 200"))).toEqual([]);
  expect(violations(disruptionBudget, budget("minAvailable: 50%"))).toEqual([]);
  expect(violations(disruptionBudget, budget("minAvailable: 100%"))).toEqual([
    'spec.minAvailable: PodDisruptionBudget "router" never lets a pod go: "minAvailable" is "100%"',
  ]);
});

test("a DaemonSet and a Job need no budget", () => {
  const yaml = `
  ---
  apiVersion: apps/v1
  kind: DaemonSet
  metadata: { name: agent }
  spec: { template: { spec: {} } }
  ---
  apiVersion: batch/v1
  kind: Job
  metadata: { name: migrate }
  spec: { parallelism: 4, template: { spec: {} } }`;
  expect(violations(disruptionBudget, yaml)).toEqual([]);
});

function deployment(replicas?: number, name = "router"): string {
  return `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: ${name} }
  spec:
    ${replicas === undefined ? "" : `replicas: ${replicas}`}
    template: { metadata: { labels: { app: router } }, spec: {} }`;
}

function autoscaler(minimum: number): string {
  return `
  ---
  apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: { name: router }
  spec: { minReplicas: ${minimum}, scaleTargetRef: { kind: Deployment, name: router } }`;
}

function scaledObject(minimum: number): string {
  return `
  ---
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: { name: router }
  spec: { minReplicaCount: ${minimum}, scaleTargetRef: { name: router } }`;
}

function budget(amount: string, name = "router"): string {
  return `
  ---
  apiVersion: policy/v1
  kind: PodDisruptionBudget
  metadata: { name: ${name} }
  spec: { ${amount}, selector: { matchLabels: { app: router } } }`;
}
