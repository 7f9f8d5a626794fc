import { expect, test } from "vitest";
import {
  renderDefinitions,
  renderEnvironment,
  renderUpstream,
} from "../../scripts/bootstrap/input.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { repository } from "../support/mutate.ts";

const tree = memoryTree({
  "apps/dev/kustomization.yaml": "resources: [router.yaml]\n",
  "apps/dev/router.yaml":
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: router}\n",
  "clusters/dev/kustomization.yaml": "resources: [namespace.yaml]\n",
  "clusters/dev/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: llm}\n",
  "clusters/prod/kustomization.yaml": "resources: [missing.yaml]\n",
});

test("renderEnvironment() tells what the cluster needs from the Applications", async () => {
  const { cluster, applications } = await renderEnvironment(tree, "dev");
  expect(cluster).toMatchObject([{ kind: "Namespace", metadata: { name: "llm" } }]);
  expect(applications).toMatchObject([{ kind: "Application", metadata: { name: "router" } }]);
  // As Application `argocd`, which takes it over, would mark it.
  const { annotations } = cluster[0]?.metadata ?? {};
  expect(annotations).toEqual({
    "argocd.argoproj.io/tracking-id": "argocd:/Namespace:argocd/llm",
  });
});

test("renderEnvironment() says in one sentence what does not render", async () => {
  await expect(renderEnvironment(tree, "prod")).rejects.toThrow(
    /^Cannot render "prod": .*missing\.yaml/,
  );
});

test("renderUpstream() brings Argo CD and the kinds of every operator, and no operator", async () => {
  const { applications } = await renderEnvironment(repository, "prod");
  const { definitions, argocd } = await renderUpstream(applications);
  expect(new Set(definitions.map(({ kind }) => kind))).toEqual(
    new Set(["CustomResourceDefinition"]),
  );
  expect(definitions.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining([
      "applications.argoproj.io",
      "certificates.cert-manager.io",
      "clusters.postgresql.cnpg.io",
      "prometheuses.monitoring.coreos.com",
      "rabbitmqclusters.rabbitmq.com",
      "scaledobjects.keda.sh",
      "sealedsecrets.bitnami.com",
    ]),
  );
  const deployments = argocd.filter(({ kind }) => kind === "Deployment");
  expect(argocd.filter(({ kind }) => kind === "CustomResourceDefinition")).toEqual([]);
  expect(deployments.length).toBeGreaterThan(0);
  for (const { metadata } of deployments) expect(metadata.name).toMatch(/^argocd-/);
}, 180_000);

test("renderUpstream() asks for the Application that Argo CD is installed from", async () => {
  const sourceless = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "argocd" },
    spec: { destination: { namespace: "argocd" } },
  };
  for (const applications of [[], [sourceless]]) {
    await expect(renderUpstream(applications)).rejects.toThrow(
      'Cannot install Argo CD: there is no Application "argocd" with an upstream source in apps/',
    );
  }
});

test("renderDefinitions() brings the kinds of our own overlays, and nothing else of them", async () => {
  const definitions = await renderDefinitions(repository, "prod");
  expect(definitions.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "CustomResourceDefinition termitepools.antfly.io",
    "CustomResourceDefinition termiteroutes.antfly.io",
  ]);
});
