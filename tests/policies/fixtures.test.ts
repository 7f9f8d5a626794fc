import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { policies } from "../../policies/index.ts";
import { policyFindings } from "../../scripts/checks/policies.ts";
import { resourcesOfFile, target } from "./resources.ts";

/**
 * One line per rule: `pass.yaml` keeps every rule, and `fail.yaml` differs from it by one mistake,
 * which exactly this rule tells with this path and this sentence.
 */
test.each([
  [
    "data-kept",
    'metadata.annotations["argocd.argoproj.io/sync-options"]',
    'PersistentVolumeClaim "models" may be taken away with all that it holds: "argocd.argoproj.io/sync-options" lacks "Delete=false"',
  ],
  [
    "disruption-budget",
    "spec",
    'Deployment "router" keeps at least 2 pods and has no PodDisruptionBudget',
  ],
  [
    "image-pinned",
    "spec.containers[0].image",
    'Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves',
  ],
  [
    "labels-standard",
    "metadata.labels",
    'ConfigMap "router" has no label "app.kubernetes.io/part-of"',
  ],
  [
    "pod-security-restricted",
    "spec.containers[0].securityContext.allowPrivilegeEscalation",
    'Container "router" may gain privileges: "allowPrivilegeEscalation" is not false',
  ],
  [
    "probes-set",
    "spec.template.spec.containers[0].livenessProbe",
    'Container "router" has no liveness probe',
  ],
  [
    "replicas-autoscaled",
    "spec.replicas",
    'Deployment "router" sets "replicas" to 1, which HorizontalPodAutoscaler "router" owns',
  ],
  ["resources-set", "spec.containers[0].resources", 'Container "router" has no memory limit'],
  [
    "secret-literal",
    "spec.containers[0].env[0].value",
    'Container "router" sets "SESSION_SECRET" to a literal',
  ],
  [
    "service-account-token",
    "spec.automountServiceAccountToken",
    'Pod "router" mounts the token of the service account "router": no binding of this target names it',
  ],
  [
    "user-numeric",
    "spec.securityContext.runAsUser",
    'Container "router" runs as whatever user the image names',
  ],
])("%s tells its own mistake and no other rule does", (rule, path, message) => {
  expect(findingsIn(rule, "pass")).toEqual([]);
  expect(findingsIn(rule, "fail")).toEqual([{ rule, path, message }]);
});

test.each(policies.map(({ id }) => id))("%s has its pair of fixtures", (rule) => {
  expect(existsSync(fixture(rule, "pass"))).toBe(true);
  expect(existsSync(fixture(rule, "fail"))).toBe(true);
  expect(findingsIn(rule, "fail").map((finding) => finding.rule)).toEqual([rule]);
});

function findingsIn(rule: string, name: "pass" | "fail") {
  return policyFindings(target, resourcesOfFile(fixture(rule, name))).map(
    ({ rule, path, message }) => ({ rule, path, message }),
  );
}

function fixture(rule: string, name: "pass" | "fail"): URL {
  return new URL(`../fixtures/policies/${rule}/${name}.yaml`, import.meta.url);
}
