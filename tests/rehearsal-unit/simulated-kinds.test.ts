import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import {
  coreStages,
  simulatedAmong,
  simulatedKinds,
} from "../../scripts/rehearsal/simulated-kinds.ts";
import { clusterOf } from "./cluster.ts";

type Stage = {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: object;
    readonly selector: { readonly matchExpressions: readonly object[] };
  };
};

const stages = loadAll(coreStages(["keda-operator"], "example.com/answers")) as Stage[];

test("simulatedKinds() are the kinds whose controllers do not run in a rehearsal", () => {
  expect(simulatedKinds().map(({ kind }) => kind)).toEqual([
    "Cluster",
    "ComputeAddress",
    "ComputeSSLPolicy",
    "ContainerNodePool",
    "Gateway",
    "GCPBackendPolicy",
    "GCPGatewayPolicy",
    "HealthCheckPolicy",
    "HTTPRoute",
    "RabbitmqCluster",
    "Permission",
    "Policy",
    "Queue",
    "User",
    "Vhost",
    "Service",
    "TermitePool",
    "TermiteRoute",
    "VerticalPodAutoscaler",
  ]);
});

test("simulatedKinds() come with the Stage that plays their controller", () => {
  for (const { apiVersion, kind, stage } of simulatedKinds()) {
    const [{ spec } = {}] = loadAll(stage) as Stage[];
    expect(spec?.resourceRef).toEqual({ apiGroup: apiVersion, kind });
  }
});

test("simulatedKinds() get a status for what they ask now, not only once", () => {
  for (const { kind, stage } of simulatedKinds()) {
    const [{ spec } = {}] = loadAll(stage) as Stage[];
    // kwok compares texts.
    expect(spec?.selector.matchExpressions, kind).toEqual([
      { key: expect.stringContaining(" == "), operator: "NotIn", values: ["true"] },
    ]);
  }
});

test("coreStages() play the kubelet: they are about nodes and pods only", () => {
  expect(new Set(stages.map(({ kind }) => kind))).toEqual(new Set(["Stage"]));
  expect(new Set(stages.map(({ spec }) => JSON.stringify(spec.resourceRef)))).toEqual(
    new Set(['{"apiGroup":"v1","kind":"Node"}', '{"apiGroup":"v1","kind":"Pod"}']),
  );
});

test("coreStages() let pods of a real program become ready only once it answers", () => {
  const selectors = new Map(
    stages.map(({ metadata, spec }) => [metadata.name, spec.selector.matchExpressions]),
  );
  const account = { key: ".spec.serviceAccountName", values: ["keda-operator"] };
  const answers = { key: '.metadata.annotations["example.com/answers"]', operator: "Exists" };
  expect(selectors.get("pod-ready")).toContainEqual({ ...account, operator: "NotIn" });
  expect(selectors.get("pod-ready")).not.toContainEqual(answers);
  expect(selectors.get("pod-ready-program")).toContainEqual({ ...account, operator: "In" });
  expect(selectors.get("pod-ready-program")).toContainEqual(answers);
});

test("simulatedAmong() names what is never real, and the simulated kinds that are there", async () => {
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "router", namespace: "llm" },
  };
  expect(await simulatedAmong(clusterOf())).toEqual(["Node", "Pod", "PodMetrics"]);
  expect(await simulatedAmong(clusterOf(route))).toEqual([
    "HTTPRoute",
    "Node",
    "Pod",
    "PodMetrics",
  ]);
});

test("simulatedAmong() names the metrics of autoscalers that ask Prometheus, and of no others", async () => {
  const scaledBy = (type: string) => ({
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "worlds", namespace: "jaguar" },
    spec: { triggers: [{ type: "cpu" }, { type }] },
  });
  expect(await simulatedAmong(clusterOf(scaledBy("prometheus")))).toContain("ExternalMetricValue");
  expect(await simulatedAmong(clusterOf(scaledBy("memory")))).not.toContain("ExternalMetricValue");
});
