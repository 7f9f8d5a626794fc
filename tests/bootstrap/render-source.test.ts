import { expect, test, vi } from "vitest";
import { parseManifests } from "../../scripts/bootstrap/plan.ts";
import { renderSource, type UpstreamSource } from "../../scripts/upstream/render-source.ts";
import { upstreamFolder } from "../../scripts/upstream/upstream.ts";
import { folder } from "../tree/folder.ts";

// An upstream repository of a few lines instead of a download.
vi.mock("../../scripts/upstream/upstream.ts");

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
spec:
  template:
    spec:
      containers:
        - name: operator
          image: quay.io/example/operator:v1
`;

const rules = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: operator
  namespace: kube-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
`;

vi.mocked(upstreamFolder).mockImplementation(async () =>
  folder({
    "config/kustomization.yaml": "resources: [deployment.yaml, rules.yaml]\n",
    "config/deployment.yaml": deployment,
    "config/rules.yaml": rules,
  }),
);

const source: UpstreamSource = {
  repoURL: "https://example.com/operator.git",
  targetRevision: "v1.0.0",
  path: "config",
};

/** What a source renders to, by kind. */
async function render(kustomize: UpstreamSource["kustomize"] = {}) {
  const manifests = parseManifests(await renderSource({ ...source, kustomize }, "operators"));
  return Object.fromEntries(manifests.map((manifest) => [manifest.kind, manifest]));
}

test("renderSource() gives the Application's namespace to objects that have none", async () => {
  expect((await render()).Deployment?.metadata).toEqual({
    name: "operator",
    namespace: "operators",
  });
});

// As Argo CD does, and unlike a kustomization's own `namespace:`.
test("renderSource() leaves objects in the namespace that upstream gave them", async () => {
  expect((await render()).Role?.metadata).toEqual({ name: "operator", namespace: "kube-system" });
});

test("renderSource() gives no namespace to a cluster-scoped kind", async () => {
  expect((await render()).ClusterRole?.metadata).toEqual({ name: "operator" });
});

const digest = `sha256:${"0".repeat(64)}`;

test.each([
  ["quay.io/example/operator:v2", "quay.io/example/operator:v2"],
  [`quay.io/example/operator@${digest}`, `quay.io/example/operator@${digest}`],
  ["quay.io/example/operator=localhost:5000/operator", "localhost:5000/operator:v1"],
  ["quay.io/example/operator=localhost:5000/operator:v2", "localhost:5000/operator:v2"],
  [`quay.io/example/operator=mirror/operator@${digest}`, `mirror/operator@${digest}`],
  ["quay.io/example/other:v2", "quay.io/example/operator:v1"],
])("renderSource() with the image override %j runs %j", async (override, image) => {
  expect(await render({ images: [override] })).toMatchObject({
    Deployment: { spec: { template: { spec: { containers: [{ image }] } } } },
  });
});

test("renderSource() applies the Application's patches", async () => {
  const patch = "- op: add\n  path: /spec/replicas\n  value: 2\n";
  const patches = [{ target: { kind: "Deployment" }, patch }];
  expect(await render({ patches })).toMatchObject({ Deployment: { spec: { replicas: 2 } } });
});

test("renderSource() says in kustomize's own words what does not render", async () => {
  const patches = [{ target: { kind: "Deployment" }, patch: "no patch" }];
  await expect(render({ patches })).rejects.toThrow(
    /^Cannot render "config" of "https:\/\/example\.com\/operator\.git": kustomize says: /,
  );
});
