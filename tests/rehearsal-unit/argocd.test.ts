import { expect, test } from "vitest";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { settingsOf } from "../../scripts/rehearsal/argocd.ts";

const parameters: Manifest = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argocd-cmd-params-cm" },
  data: { "controller.sync.timeout.seconds": "600", "server.insecure": "true" },
};

/** A workload whose containers take these variables from the ConfigMap. */
function workload(kind: string, name: string, ...containers: readonly (readonly object[])[]) {
  const spec = { template: { spec: { containers: containers.map((env) => ({ env })) } } };
  return { apiVersion: "apps/v1", kind, metadata: { name }, spec };
}

function variable(name: string, key: string, configMap = "argocd-cmd-params-cm") {
  return { name, valueFrom: { configMapKeyRef: { name: configMap, key, optional: true } } };
}

test("settingsOf() has the variables of a workload with the values that its ConfigMap holds", () => {
  const controller = workload("StatefulSet", "argocd-application-controller", [
    variable("ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT", "controller.sync.timeout.seconds"),
    variable("ARGOCD_RECONCILIATION_TIMEOUT", "timeout.reconciliation"),
    variable("ARGOCD_RECONCILIATION_JITTER", "timeout.reconciliation.jitter", "argocd-cm"),
    { name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "argocd-redis", key: "auth" } } },
    { name: "KUBECACHEDIR", value: "/tmp/kubecache" },
  ]);
  expect(settingsOf([parameters, controller], "argocd-application-controller")).toEqual({
    ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT: "600",
  });
});

test("settingsOf() reads all containers of one workload and of no other", () => {
  const manifests = [
    parameters,
    workload("Deployment", "argocd-server", [
      variable("ARGOCD_SERVER_INSECURE", "server.insecure"),
    ]),
    workload(
      "Deployment",
      "argocd-repo-server",
      [variable("A", "server.insecure")],
      [variable("B", "controller.sync.timeout.seconds")],
    ),
  ];
  expect(settingsOf(manifests, "argocd-repo-server")).toEqual({ A: "true", B: "600" });
});

test("settingsOf() has none where there is no such workload, or its containers have no variables", () => {
  const bare = {
    ...workload("Deployment", "argocd-repo-server"),
    spec: { template: { spec: { containers: [{ name: "repo-server" }] } } },
  };
  const service: Manifest = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "argocd-repo-server" },
  };
  expect(settingsOf([parameters, service], "argocd-repo-server")).toEqual({});
  expect(settingsOf([parameters, service, bare], "argocd-repo-server")).toEqual({});
});
