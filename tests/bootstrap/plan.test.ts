import { expect, test } from "vitest";
import { planBootstrap, waitEstablished } from "../../scripts/bootstrap/plan.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";

function manifest(kind: string, name: string): Manifest {
  return { apiVersion: "v1", kind, metadata: { name } };
}

const input = {
  definitions: [
    manifest("CustomResourceDefinition", "applications.argoproj.io"),
    manifest("CustomResourceDefinition", "certificates.cert-manager.io"),
  ],
  argocd: [manifest("Deployment", "argocd-server"), manifest("ConfigMap", "argocd-cm")],
  cluster: [
    manifest("AppProject", "systems"),
    manifest("Namespace", "argocd"),
    manifest("Application", "root"),
    manifest("PriorityClass", "platform"),
    manifest("Namespace", "llm"),
  ],
  sealingKey: manifest("Secret", "sealed-secrets-key"),
};

/** Each step in a line: kubectl's verb, and what it is about. */
function order(plan: ReturnType<typeof planBootstrap>): string[] {
  return plan.map(({ args: [verb, ...args], input: objects }) =>
    [
      verb,
      ...(objects?.map(({ metadata }) => metadata.name) ??
        args.filter((word) => word.startsWith("crd/"))),
    ].join(" "),
  );
}

test("planBootstrap() has everything in place before what needs it", () => {
  expect(order(planBootstrap(input))).toEqual([
    "apply argocd platform llm",
    "apply sealed-secrets-key",
    "apply applications.argoproj.io certificates.cert-manager.io",
    "wait crd/applications.argoproj.io",
    "apply argocd-server argocd-cm",
    "apply systems root",
  ]);
});

test("planBootstrap() leaves the cluster's sealing key alone where none is given", () => {
  expect(order(planBootstrap({ ...input, sealingKey: undefined }))).toEqual([
    "apply argocd platform llm",
    "apply applications.argoproj.io certificates.cert-manager.io",
    "wait crd/applications.argoproj.io",
    "apply argocd-server argocd-cm",
    "apply systems root",
  ]);
});

test("planBootstrap() applies on the server as Argo CD would, and a second time repairs", () => {
  const [first] = planBootstrap(input);
  expect(first).toEqual({
    what: "the namespaces and the classes of priority",
    args: [
      "apply",
      "--server-side",
      "--force-conflicts",
      "--field-manager=argocd-controller",
      "--filename=-",
    ],
    input: [
      manifest("Namespace", "argocd"),
      manifest("PriorityClass", "platform"),
      manifest("Namespace", "llm"),
    ],
  });
});

test("waitEstablished() is tried again: a new definition has no status to wait for", () => {
  expect(waitEstablished(["crd", "--all"])).toEqual({
    what: "until the API server serves them",
    args: ["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"],
    attempts: 20,
  });
});
