import { expect, test } from "vitest";
import { replicasAutoscaled } from "../../policies/replicas-autoscaled.ts";
import { violations } from "./resources.ts";

const deployment = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: router, namespace: router }
  spec: { replicas: 3 }`;

test.each([
  ["no autoscaler at all", ""],
  ["an autoscaler of another Deployment", autoscaler("Deployment", "other", "router")],
  ["an autoscaler of a StatefulSet of that name", autoscaler("StatefulSet", "router", "router")],
  ["an autoscaler in another namespace", autoscaler("Deployment", "router", "elsewhere")],
])("replicas in git are fine with %s", (_, other) => {
  expect(violations(replicasAutoscaled, deployment + other)).toEqual([]);
});

test("a ScaledObject means a Deployment where it names no kind", () => {
  expect(violations(replicasAutoscaled, deployment + scaledObject("queue"))).toEqual([
    'spec.replicas: Deployment "router" sets "replicas" to 3, which ScaledObject "queue" owns',
  ]);
});

test("bounds of replicas are not the number that an autoscaler owns", () => {
  const pool = `
  apiVersion: antfly.io/v1alpha1
  kind: TermitePool
  metadata: { name: queries, namespace: router }
  spec: { replicas: { min: 1, max: 4 } }`;
  const scaler = autoscaler("TermitePool", "queries", "router");
  expect(violations(replicasAutoscaled, pool + scaler)).toEqual([]);
});

test("two autoscalers on one target are told at the second", () => {
  const both = `${autoscaler("Deployment", "router", "router")}${scaledObject("queue")}`;
  expect(violations(replicasAutoscaled, both)).toEqual([
    'spec.scaleTargetRef: ScaledObject "queue" scales Deployment "router", which HorizontalPodAutoscaler "cpu" scales already',
  ]);
});

function autoscaler(kind: string, name: string, namespace: string): string {
  return `
  ---
  apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: { name: cpu, namespace: ${namespace} }
  spec: { scaleTargetRef: { apiVersion: apps/v1, kind: ${kind}, name: ${name} } }`;
}

function scaledObject(name: string): string {
  return `
  ---
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: { name: ${name}, namespace: router }
  spec: { scaleTargetRef: { name: router } }`;
}
