import { expect, test } from "vitest";
import { probesSet } from "../../policies/probes-set.ts";
import { violations } from "./resources.ts";

test.each(["Deployment", "StatefulSet", "DaemonSet"])(
  "containers and sidecars of a %s have both probes, init containers need none",
  (kind) => {
    const workload = `
      apiVersion: apps/v1
      kind: ${kind}
      metadata: { name: router }
      spec:
        template:
          spec:
            initContainers:
              - { name: fetch }
              - { name: proxy, restartPolicy: Always }
            containers:
              - name: router
                readinessProbe: { grpc: { port: 8080 } }
                livenessProbe: { exec: { command: ["true"] } }`;
    expect(violations(probesSet, workload)).toEqual([
      'spec.template.spec.initContainers[1].readinessProbe: Container "proxy" has no readiness probe',
      'spec.template.spec.initContainers[1].livenessProbe: Container "proxy" has no liveness probe',
    ]);
  },
);

test("a startup probe, or a probe without an action, is no probe", () => {
  const deployment = `
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: router }
    spec:
      template:
        spec:
          containers:
            - name: router
              startupProbe: { httpGet: { port: 8080 } }
              readinessProbe: { periodSeconds: 5 }
              livenessProbe: { tcpSocket: { port: 8080 } }`;
  expect(violations(probesSet, deployment)).toEqual([
    'spec.template.spec.containers[0].readinessProbe: Container "router" has no readiness probe',
  ]);
});

test.each(["Job", "CronJob"])("what a %s runs ends by itself and needs no probe", (kind) => {
  const template = "{ template: { spec: { containers: [{ name: migrate }] } } }";
  const spec = kind === "Job" ? template : `{ jobTemplate: { spec: ${template} } }`;
  const yaml = `{ apiVersion: batch/v1, kind: ${kind}, metadata: { name: migrate }, spec: ${spec} }`;
  expect(violations(probesSet, yaml)).toEqual([]);
});
