import fc from "fast-check";
import { expect, test } from "vitest";
import { policies } from "../../policies/index.ts";
import { policyFindings } from "../../scripts/checks/policies.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { target } from "./resources.ts";

/** Field names that rules read, so that random values land where they hurt. */
const field = fc.constantFrom(
  ..."containers initContainers ephemeralContainers env name value args command image reference resources requests limits cpu memory securityContext capabilities add drop seLinuxOptions seccompProfile appArmorProfile type windowsOptions sysctls ports hostPort volumes hostPath template spec metadata labels annotations jobTemplate readinessProbe livenessProbe httpGet tcpSocket lifecycle preStop selector matchLabels matchExpressions key operator values replicas minReplicas scaleTargetRef kind minReplicaCount maxUnavailable minAvailable subjects data stringData serviceAccountName imageName os".split(
    " ",
  ),
);

const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string()),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(field, tie("value"), { maxKeys: 6 }),
  ),
})).value;

const kind = fc.constantFrom(
  ["v1", "Pod"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "ServiceAccount"],
  ["apps/v1", "Deployment"],
  ["batch/v1", "CronJob"],
  ["policy/v1", "PodDisruptionBudget"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["keda.sh/v1alpha1", "ScaledObject"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["rabbitmq.com/v1beta1", "RabbitmqCluster"],
);

const resource: fc.Arbitrary<Resource> = fc
  .tuple(kind, fc.dictionary(field, anything, { maxKeys: 6 }), anything)
  .map(([[apiVersion = "", kind = ""], fields, spec]) => ({
    target,
    manifest: { spec, ...fields, apiVersion, kind, metadata: { name: "a" } } as Manifest,
    placeOf: () => ({ file: "rendered.yaml" }),
  }));

test("no rule stops at a manifest of the wrong shape, which the schemas tell", () => {
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 4 }), (resources) => {
      expect(Array.isArray(policyFindings(target, resources, policies))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
