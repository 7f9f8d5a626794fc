import { expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { sameAsKustomize } from "./same-as-kustomize.ts";

const objects = [
  ["v1", "Service", "b"],
  ["v1", "Service", "a"],
  ["example.com/v1", "Thing", "z"],
  ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "v"],
  ["apps/v1", "Deployment", "d"],
  ["v1", "Namespace", "n"],
  ["example.com/v1", "Namespace", "m"],
  ["v1", "ConfigMap", "c"],
  ["alpha.com/v2", "Thing", "y"],
  ["alpha.com/v1", "Thing", "x"],
]
  .map(
    ([apiVersion, kind, name]) => `
{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}}}`,
  )
  .join("\n---");

sameAsKustomize({
  "by kind where nothing is said": { kustomization: "", resources: objects },
  "as it came": { kustomization: "sortOptions: {order: fifo}", resources: objects },
  "Kustomize's own order": { kustomization: "sortOptions: {order: legacy}", resources: objects },
  "an order of its own": {
    kustomization:
      "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Deployment, Thing], orderLast: [Namespace]}}",
    resources: objects,
  },
  "half of an order": {
    kustomization: "sortOptions: {order: legacy, legacySortOptions: {orderLast: [Namespace]}}",
    resources: objects,
  },
  "an order that there is not is refused": {
    kustomization: "sortOptions: {order: random}",
    resources: objects,
  },
  "no order is refused": { kustomization: "sortOptions: {}", resources: objects },
});

test("what is wrong with the order is said", () => {
  const files = {
    "kustomization.yaml":
      "sortOptions: {order: fifo, legacySortOptions: {orderFirst: [Namespace]}}",
  };
  expect(buildFiles(files, ".")).toEqual({
    error: 'Cannot use "legacySortOptions" with the order "fifo": they are for the order "legacy"',
  });
});
