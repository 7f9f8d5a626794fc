import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import {
  coreStages,
  simulatedAmong,
  simulatedKinds,
  simulatedStages,
} from "../../scripts/rehearsal/simulated-kinds.ts";
import { clusterOf } from "./cluster.ts";

test("simulatedKinds() are the kinds whose controllers do not run in a rehearsal", () => {
  expect(simulatedKinds().map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    "gateway.networking.k8s.io/v1 HTTPRoute",
  ]);
});

test("simulatedKinds() come with the Stage that plays their controller", () => {
  const stages = loadAll(simulatedStages()) as { spec: { resourceRef: { kind: string } } }[];
  expect(stages.map(({ spec }) => spec.resourceRef.kind)).toEqual(
    simulatedKinds().map(({ kind }) => kind),
  );
});

test("coreStages() play the kubelet: they are about nodes and pods only", () => {
  const stages = loadAll(coreStages()) as { kind: string; spec: { resourceRef: object } }[];
  expect(new Set(stages.map(({ kind }) => kind))).toEqual(new Set(["Stage"]));
  expect(new Set(stages.map(({ spec }) => JSON.stringify(spec.resourceRef)))).toEqual(
    new Set(['{"apiGroup":"v1","kind":"Node"}', '{"apiGroup":"v1","kind":"Pod"}']),
  );
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
