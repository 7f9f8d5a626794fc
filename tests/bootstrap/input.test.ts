import { expect, test } from "vitest";
import { renderArgocd, renderEnvironment } from "../../scripts/bootstrap/input.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";

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
});

test("renderEnvironment() says in one sentence what does not render", async () => {
  await expect(renderEnvironment(tree, "prod")).rejects.toThrow(
    /^Cannot render "prod": .*missing\.yaml/,
  );
});

test("renderArgocd() asks for the Application that Argo CD is installed from", async () => {
  const sourceless = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "argocd" },
    spec: { destination: { namespace: "argocd" } },
  };
  for (const applications of [[], [sourceless]]) {
    await expect(renderArgocd(applications)).rejects.toThrow(
      'Cannot install Argo CD: there is no Application "argocd" with an upstream source in apps/',
    );
  }
});
