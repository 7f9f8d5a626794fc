import { expect, test } from "vitest";
import { track } from "../../scripts/bootstrap/tracking.ts";

/** The tracking id that an object of Application `gateway`, deployed to `edge`, gets. */
function idOf(
  apiVersion: string,
  kind: string,
  namespace: { readonly namespace?: string },
): unknown {
  const metadata = { name: "a", ...namespace };
  const [marked] = track("gateway", "edge", [{ apiVersion, kind, metadata }]);
  return marked?.metadata.annotations?.["argocd.argoproj.io/tracking-id"];
}

test("track() names Application, group, kind, namespace and name", () => {
  expect(idOf("apps/v1", "Deployment", { namespace: "other" })).toBe(
    "gateway:apps/Deployment:other/a",
  );
});

test("track() has no group for Kubernetes' core", () => {
  expect(idOf("v1", "ConfigMap", { namespace: "edge" })).toBe("gateway:/ConfigMap:edge/a");
});

test("track() says the destination's namespace where an object has none", () => {
  expect(idOf("scheduling.k8s.io/v1", "PriorityClass", {})).toBe(
    "gateway:scheduling.k8s.io/PriorityClass:edge/a",
  );
});

test("track() leaves CustomResourceDefinitions to all who bring them", () => {
  expect(idOf("apiextensions.k8s.io/v1", "CustomResourceDefinition", {})).toBe(undefined);
});

test("track() keeps an object's own annotations", () => {
  const annotations = { "argocd.argoproj.io/sync-wave": "1" };
  const metadata = { name: "a", namespace: "edge", annotations };
  const [marked] = track("gateway", "edge", [{ apiVersion: "v1", kind: "Service", metadata }]);
  expect(marked?.metadata).toEqual({
    ...metadata,
    annotations: { ...annotations, "argocd.argoproj.io/tracking-id": "gateway:/Service:edge/a" },
  });
});
