import { expect, it } from "vitest";
import type { Check } from "../scripts/checks/check.ts";
import { policiesCheck } from "../scripts/checks/policies.ts";
import { schemaChecks } from "../scripts/checks/schema/index.ts";
import { type Change, findingsAfter, removeLine, replace } from "./support/mutate.ts";

const schema = schemaChecks.filter(({ id }) => id !== "schema-kubeconform");
const checks: readonly Check[] = [...schema, policiesCheck];

const app = "base/llm-runner-router";
const deployment = `${app}/deployment.yaml`;
const prod = "overlays/prod/llm-runner-router";

/** What is broken, the file that breaks it, and the one finding, at the line that set the value. */
const mutations: readonly (readonly [string, Readonly<Record<string, Change>>, string])[] = [
  [
    "an image follows a moving tag",
    { [`${prod}/release/kustomization.yaml`]: replace("2.0.0-80942a6", "latest") },
    `image-pinned ${prod}/release/kustomization.yaml:15`,
  ],
  [
    "a container may gain privileges",
    { [deployment]: replace("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true") },
    `pod-security-restricted ${deployment}:146`,
  ],
  [
    "the user is root",
    { [deployment]: replace("runAsUser: 1001", "runAsUser: 0") },
    `user-numeric ${deployment}:32`,
  ],
  [
    "the token is mounted where nothing uses it",
    {
      [deployment]: removeLine("      automountServiceAccountToken: false"),
      [`${app}/service-account.yaml`]: removeLine("automountServiceAccountToken: false"),
    },
    `service-account-token ${deployment}:25`,
  ],
  [
    "git sets what an autoscaler owns",
    {
      [`${prod}/patch-resources.yaml`]: replace(
        "spec:\n  template:",
        "spec:\n  replicas: 3\n  template:",
      ),
    },
    `replicas-autoscaled ${prod}/patch-resources.yaml:6`,
  ],
  [
    "nothing keeps the data of a claim",
    {
      [`${app}/persistent-volume-claim-logs.yaml`]: replace(
        "Prune=false,Delete=false",
        "Prune=false",
      ),
    },
    `data-kept ${app}/persistent-volume-claim-logs.yaml:8`,
  ],
  [
    "nothing keeps a namespace",
    {
      "base/namespaces/namespace-keda.yaml": replace("Prune=false,Delete=false", "Delete=false"),
    },
    "data-kept base/namespaces/namespace-keda.yaml:6",
  ],
  [
    "a field is misspelt",
    { [deployment]: replace("terminationGracePeriodSeconds", "terminationGracePeriodSecond") },
    `schema-unknown-field ${deployment}:40`,
  ],
  [
    "an Argo CD field is misspelt",
    { "base/components/application/patch-sync-policy.yaml": replace("selfHeal", "selfheal") },
    "schema-unknown-field base/components/application/patch-sync-policy.yaml:9",
  ],
  [
    "a number stands where a port's name belongs",
    { [`${app}/service-monitor.yaml`]: replace("port: metrics", "port: 9090") },
    `schema-invalid-value ${app}/service-monitor.yaml:16`,
  ],
];

it.for(mutations)("finds exactly that %s", async ([, changes, expected]) => {
  const found = await findingsAfter(changes, checks);
  const told = new Set(found.map(({ rule, place }) => `${rule} ${place.file}:${place.line}`));
  expect([...told]).toEqual([expected]);
});
