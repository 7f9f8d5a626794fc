import { describe, expect, it } from "vitest";
import { argoCheck } from "../scripts/checks/argo/index.ts";
import type { Check } from "../scripts/checks/check.ts";
import { layoutCheck } from "../scripts/checks/layout.ts";
import { readText, walk } from "../scripts/tree/tree.ts";
import {
  type Change,
  findingsAfter,
  insertAfter,
  removeLine,
  replace,
  repository,
} from "./support/mutate.ts";

const checks: readonly Check[] = [layoutCheck, argoCheck];

/** What is broken, the files that break it, and the one finding that must come of it. */
type Mutation = readonly [string, Readonly<Record<string, Change>>, string];

const app = "base/llm-runner-router";
const prod = "overlays/prod/llm-runner-router";
const application = "apps/prod/llm-runner-router.yaml";
const systems = "base/argocd/app-project-systems.yaml";

const shared = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shared\n  namespace: argocd\n";

const render: readonly Mutation[] = [
  [
    "a patch is missing",
    { [`${prod}/patch-storage.yaml`]: undefined },
    `render ${prod}/kustomization.yaml:21`,
  ],
  [
    "a resource is misspelt",
    { [`${app}/kustomization.yaml`]: replace("- deployment.yaml", "- deploiment.yaml") },
    `render ${app}/kustomization.yaml:4`,
  ],
  [
    "a component is misspelt",
    { [`${prod}/kustomization.yaml`]: replace("- release", "- relase") },
    `render ${prod}/kustomization.yaml:9`,
  ],
  [
    "the base is misspelt",
    { [`${prod}/kustomization.yaml`]: replace("base/llm-runner-router\n", "base/router\n") },
    `render ${prod}/kustomization.yaml:5`,
  ],
  [
    "a generator's file is missing",
    { [`${prod}/release/release.env`]: undefined },
    `render ${prod}/release/kustomization.yaml:7`,
  ],
  [
    "a kustomization has an unknown field",
    { [`${prod}/kustomization.yaml`]: replace("namespace:", "namespase:") },
    `render ${prod}/kustomization.yaml:3`,
  ],
  [
    "a patch changes an object that is not there",
    { [`${prod}/patch-storage.yaml`]: replace("llm-model-cache", "llm-model-cash") },
    `render ${prod}/patch-storage.yaml:4`,
  ],
  [
    "an object is there twice",
    {
      [`${app}/service-again.yaml`]: readText(repository, `${app}/service.yaml`),
      [`${app}/kustomization.yaml`]: insertAfter("  - service.yaml", "  - service-again.yaml"),
    },
    `render ${app}/service-again.yaml:4`,
  ],
  [
    "a replacement takes a value that the environment lacks",
    { "base/components/environment/domain.yaml": replace("data.domain", "data.zone") },
    "render base/components/environment/domain.yaml:4",
  ],
  [
    "an overlay has lost its kustomization",
    { [`${prod}/kustomization.yaml`]: undefined },
    `render ${prod}/kustomization.yaml:`,
  ],
  [
    "an overlay takes a remote base",
    {
      [`${prod}/kustomization.yaml`]: insertAfter(
        "resources:",
        "  - https://example.com/x//y?ref=v1",
      ),
    },
    `render ${prod}/kustomization.yaml:5`,
  ],
];

const layout: readonly Mutation[] = [
  [
    "a manifest is not YAML",
    { [`${app}/service.yaml`]: replace("spec:", "spec: [") },
    `layout-yaml ${app}/service.yaml:12`,
  ],
  [
    "a manifest has a key twice",
    { [`${app}/service.yaml`]: insertAfter("kind: Service", "kind: Service") },
    `layout-yaml ${app}/service.yaml:3`,
  ],
  [
    "a manifest is not text",
    { [`${app}/service.yaml`]: Uint8Array.of(0xff, 0xfe, 0x00) },
    `layout-unreadable ${app}/service.yaml:`,
  ],
  [
    "a file nobody takes is not YAML",
    { [`${app}/secrets.yaml`]: replace("secrets:", "secrets: {") },
    `layout-yaml ${app}/secrets.yaml:4`,
  ],
  [
    "a manifest is not listed",
    { [`${app}/autoscaling/kustomization.yaml`]: removeLine("  - pod-disruption-budget.yaml") },
    `layout-orphan ${app}/autoscaling/pod-disruption-budget.yaml:1`,
  ],
  [
    "a file is left behind",
    { [`${prod}/notes.txt`]: "todo\n" },
    `layout-orphan ${prod}/notes.txt:1`,
  ],
  [
    "a component is not used by any target",
    {
      "base/components/spot/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: patch-spot.yaml\n",
      "base/components/spot/patch-spot.yaml": "kind: Deployment\n",
    },
    "layout-orphan base/components/spot/kustomization.yaml:1",
  ],
  [
    "a patch is listed twice",
    {
      [`${prod}/kustomization.yaml`]: insertAfter(
        "  - path: patch-storage.yaml",
        "  - path: patch-storage.yaml",
      ),
    },
    `layout-double ${prod}/kustomization.yaml:22`,
  ],
  [
    "a manifest is listed twice",
    { [`${app}/kustomization.yaml`]: insertAfter("  - service.yaml", "  - service.yaml") },
    `layout-double ${app}/kustomization.yaml:22`,
  ],
  [
    "a file holds two objects",
    {
      [`${app}/service-account.yaml`]: (text) =>
        `${text}---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: second\n`,
    },
    `layout-one-object ${app}/service-account.yaml:10`,
  ],
  [
    "a file is not named after its kind",
    {
      [`${app}/web.yaml`]: readText(repository, `${app}/service.yaml`),
      [`${app}/service.yaml`]: undefined,
      [`${app}/kustomization.yaml`]: replace("  - service.yaml", "  - web.yaml"),
    },
    `layout-file-name ${app}/web.yaml:2`,
  ],
  [
    "a patch is not named after its concern",
    {
      [`${prod}/storage.yaml`]: readText(repository, `${prod}/patch-storage.yaml`),
      [`${prod}/patch-storage.yaml`]: undefined,
      [`${prod}/kustomization.yaml`]: replace("patch-storage.yaml", "storage.yaml"),
    },
    `layout-file-name ${prod}/kustomization.yaml:21`,
  ],
  [
    "a release carries replicas",
    {
      [`${prod}/release/kustomization.yaml`]: (text) =>
        `${text}replicas:\n  - name: llm-runner-router\n    count: 3\n`,
    },
    `layout-release ${prod}/release/kustomization.yaml:16`,
  ],
];

const argo: readonly Mutation[] = [
  [
    "an overlay is deleted",
    Object.fromEntries([...walk(repository, prod)].map((file) => [file, undefined])),
    `argo-source-path ${application}:12`,
  ],
  [
    "an Application is deleted",
    {
      [application]: undefined,
      "apps/prod/kustomization.yaml": removeLine("  - llm-runner-router.yaml"),
    },
    `argo-application-missing ${prod}/kustomization.yaml:1`,
  ],
  [
    "an Application is not listed",
    { "apps/prod/kustomization.yaml": removeLine("  - llm-runner-router.yaml") },
    `layout-orphan ${application}:1`,
  ],
  [
    "a source's path is misspelt",
    { [application]: replace("overlays/prod/llm-runner-router", "overlays/prod/llm-runner-routr") },
    `argo-source-path ${application}:12`,
  ],
  [
    "a source's path is of another environment",
    { [application]: replace("overlays/prod/", "overlays/staging/") },
    `argo-source-path ${application}:12`,
  ],
  [
    "an Application has another name than its overlay",
    { [application]: replace("name: llm-runner-router", "name: router") },
    `argo-name ${application}:4`,
  ],
  [
    "an Application deploys to another namespace than its overlay",
    { [application]: replace("namespace: llm-systems", "namespace: llm-system") },
    `argo-destination ${application}:15`,
  ],
  [
    "an overlay sets another namespace than its Application",
    { [`${prod}/kustomization.yaml`]: replace("namespace: llm-systems", "namespace: llm-system") },
    `argo-destination ${application}:15`,
  ],
  [
    "a namespace is not created",
    {
      "clusters/prod/kustomization.yaml": removeLine("  - namespace-llm-systems.yaml"),
      "clusters/prod/namespace-llm-systems.yaml": undefined,
    },
    `argo-destination ${application}:15`,
  ],
  [
    "a project is unknown",
    { [application]: replace("project: systems", "project: system") },
    `argo-project ${application}:8`,
  ],
  [
    "a project does not allow a kind",
    { [systems]: replace('    - group: ""\n      kind: PersistentVolumeClaim\n', "") },
    `argo-project-kind ${systems}:10`,
  ],
  [
    "a project does not allow a cluster-scoped kind",
    { "base/argocd/app-project-argocd.yaml": replace("kind: Namespace", "kind: Node") },
    "argo-project-kind base/argocd/app-project-argocd.yaml:14",
  ],
  [
    "a project does not allow a namespace",
    {
      "clusters/prod/patch-destinations.yaml": replace(
        "namespace: llm-systems",
        "namespace: other",
      ),
    },
    `argo-project-destination ${application}:15`,
  ],
  [
    "a project does not allow a repository",
    { "apps/prod/argocd.yaml": replace("argoproj/argo-cd.git", "fork/argo-cd.git") },
    "argo-project-source apps/prod/argocd.yaml:10",
  ],
  [
    "the root renders another directory",
    { "clusters/prod/patch-root.yaml": replace("apps/prod", "apps/production") },
    "argo-root clusters/prod/patch-root.yaml:3",
  ],
  [
    "an Application has no wave",
    {
      [application]: replace('  annotations:\n    argocd.argoproj.io/sync-wave: "0"\n', ""),
    },
    `argo-wave ${application}:3`,
  ],
  [
    "a wave is not a number",
    { [`${app}/service.yaml`]: replace('sync-wave: "0"', 'sync-wave: "first"') },
    `argo-wave ${app}/service.yaml:9`,
  ],
  [
    "nothing is pruned",
    {
      "base/components/application/patch-sync-policy.yaml": replace("prune: true", "prune: false"),
    },
    "argo-sync-policy base/components/application/patch-sync-policy.yaml:8",
  ],
  [
    "a retry keeps its commit",
    { "base/components/application/patch-sync-policy.yaml": removeLine("      refresh: true") },
    "argo-sync-policy base/components/application/patch-sync-policy.yaml:10",
  ],
  [
    "an upstream source follows a branch",
    { "apps/prod/argocd.yaml": replace("targetRevision: v3.5.7", "targetRevision: stable") },
    "argo-revision apps/prod/argocd.yaml:11",
  ],
  [
    "an image keeps the registry's placeholder",
    {
      [`${prod}/patch-resources.yaml`]: insertAfter(
        "    spec:",
        "      initContainers:\n        - name: warm-up\n          image: registry/warm-up:1.0.0",
      ),
    },
    `argo-placeholder ${prod}/patch-resources.yaml:10`,
  ],
  [
    "a host name keeps the domain's placeholder",
    {
      "base/components/environment/domain.yaml": insertAfter(
        "        name: redirect",
        "      - name: llm-runner-router-websocket",
      ),
    },
    `argo-placeholder ${app}/http-route-websocket.yaml:15`,
  ],
  [
    "two targets render one object",
    {
      ...addResource("apps/prod", "config-map.yaml", shared),
      ...addResource("clusters/prod", "config-map.yaml", shared),
    },
    "argo-shared-object apps/prod/config-map.yaml:4",
  ],
];

describe.each([
  ["render", render],
  ["layout", layout],
  ["argo", argo],
])("%s", (_, mutations) => {
  it.each(mutations)("%s", async (_, changes, expected) => {
    const findings = await findingsAfter(changes, checks);
    expect(findings.map(({ rule, place }) => `${rule} ${place.file}:${place.line ?? ""}`)).toEqual([
      expected,
    ]);
  });
});

/** Adds a manifest to a directory and its kustomization. */
function addResource(
  directory: string,
  name: string,
  text: string,
): Readonly<Record<string, Change>> {
  return {
    [`${directory}/${name}`]: text,
    [`${directory}/kustomization.yaml`]: insertAfter("resources:", `  - ${name}`),
  };
}
