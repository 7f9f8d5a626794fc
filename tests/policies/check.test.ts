import { expect, test } from "vitest";
import type { Policy } from "../../policies/policy.ts";
import { policiesCheck, policyFindings } from "../../scripts/checks/policies.ts";
import type { Fleet } from "../../scripts/fleet/fleet.ts";
import type { Target } from "../../scripts/fleet/target.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { resourcesIn, target } from "./resources.ts";

const configMap = `
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: router
    namespace: router
    labels: { app.kubernetes.io/name: router, app.kubernetes.io/part-of: router }
  data:
    api-key: abcdef`;

test("policiesCheck tells place, target, resource and path", async () => {
  expect(await runOn(target)).toEqual({
    status: "ran",
    findings: [
      {
        rule: "secret-literal",
        severity: "error",
        message: 'ConfigMap "router" sets "api-key" to a literal',
        help: expect.stringContaining("slipway secrets"),
        place: { file: "rendered.yaml", line: 9, column: 12 },
        target,
        resource: "ConfigMap/router/router",
        path: "data.api-key",
      },
    ],
  });
});

test("policiesCheck asks rules about workloads about overlays only, and the others about clusters/ too", async () => {
  const clusters = { ...target, app: "clusters", directory: "clusters/prod" };
  expect(await runOn(clusters)).toEqual({ status: "ran", findings: [] });
  const namespace = "{ apiVersion: v1, kind: Namespace, metadata: { name: router } }";
  expect(await runOn(clusters, namespace)).toEqual({
    status: "ran",
    findings: [expect.objectContaining({ rule: "data-kept" })],
  });
});

test("a rule applies where it says it does", () => {
  const rule: Policy = {
    id: "nothing-new",
    severity: "warning",
    description: "Nothing new comes to prod",
    help: "Wait",
    environments: ["prod"],
    check: ([first], report) => first && report(first, { path: [], message: "Something new" }),
  };
  const resources = resourcesIn(configMap);
  expect(policyFindings(target, resources, [rule])).toHaveLength(1);
  expect(policyFindings({ ...target, environment: "dev" }, resources, [rule])).toEqual([]);
});

function runOn(target: Target, text = configMap) {
  const fleet: Fleet = { environments: ["prod"], apps: ["router"], targets: [target] };
  return policiesCheck.run({
    tree: memoryTree({}),
    fleet,
    renderings: [{ target, resources: resourcesIn(text), findings: [] }],
  });
}
