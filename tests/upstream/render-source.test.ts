import { describe, expect, test, vi } from "vitest";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { renderSource } from "../../scripts/upstream/render-source.ts";
import type { UpstreamSource } from "../../scripts/upstream/source.ts";
import { upstreamFolder } from "../../scripts/upstream/upstream.ts";
import { type Files, folder } from "../tree/folder.ts";

// An upstream repository of a few lines instead of a download.
vi.mock("../../scripts/upstream/upstream.ts");

const source: UpstreamSource = {
  repoURL: "https://example.com/operator.git",
  targetRevision: "v1.0.0",
  path: "config",
};

/** What a source of a repository with these files renders to, in the namespace `operators`. */
async function render(
  files: Files,
  overrides: Partial<UpstreamSource> = {},
): Promise<readonly Manifest[]> {
  vi.mocked(upstreamFolder).mockResolvedValueOnce(folder(files));
  const request = { source: { ...source, ...overrides }, application: "operator" };
  return await renderSource({ ...request, namespace: "operators" });
}

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

describe("a kustomization", () => {
  const files = {
    "config/kustomization.yaml": "resources: [deployment.yaml, rules.yaml]\n",
    "config/deployment.yaml": deployment,
    "config/rules.yaml": rules,
  };

  /** What it renders to, by kind. */
  async function byKind(kustomize: UpstreamSource["kustomize"] = {}) {
    const manifests = await render(files, { kustomize });
    return Object.fromEntries(manifests.map((manifest) => [manifest.kind, manifest]));
  }

  test("gets the Application's namespace where an object has none", async () => {
    expect((await byKind()).Deployment?.metadata).toEqual({
      name: "operator",
      namespace: "operators",
    });
  });

  test("keeps the namespace that upstream gave an object", async () => {
    expect((await byKind()).Role?.metadata).toEqual({ name: "operator", namespace: "kube-system" });
  });

  test("gives no namespace to a cluster-scoped kind", async () => {
    expect((await byKind()).ClusterRole?.metadata).toEqual({ name: "operator" });
  });

  test("is moved whole by the override of its namespace", async () => {
    const { Deployment, Role } = await byKind({ namespace: "elsewhere" });
    expect([Deployment?.metadata.namespace, Role?.metadata.namespace]).toEqual([
      "elsewhere",
      "elsewhere",
    ]);
  });

  const digest = `sha256:${"0".repeat(64)}`;

  test.each([
    ["quay.io/example/operator:v2", "quay.io/example/operator:v2"],
    [`quay.io/example/operator@${digest}`, `quay.io/example/operator@${digest}`],
    ["quay.io/example/operator=localhost:5000/operator", "localhost:5000/operator:v1"],
    ["quay.io/example/operator=localhost:5000/operator:v2", "localhost:5000/operator:v2"],
    [`quay.io/example/operator=mirror/operator@${digest}`, `mirror/operator@${digest}`],
    ["quay.io/example/other:v2", "quay.io/example/operator:v1"],
  ])("with the image override %j runs %j", async (override, image) => {
    expect(await byKind({ images: [override] })).toMatchObject({
      Deployment: { spec: { template: { spec: { containers: [{ image }] } } } },
    });
  });

  test("takes the override of its replicas", async () => {
    const replicas = [{ name: "operator", count: 2 }];
    expect(await byKind({ replicas })).toMatchObject({ Deployment: { spec: { replicas: 2 } } });
  });

  test("takes the Application's patches after its own", async () => {
    const own = `resources: [deployment.yaml]
patches:
  - target: { kind: Deployment }
    patch: |-
      - { op: add, path: /spec/replicas, value: 2 }
`;
    const patch = `- { op: test, path: /spec/replicas, value: 2 }
- { op: add, path: /spec/replicas, value: 3 }
`;
    const [manifest] = await render(
      { ...files, "config/kustomization.yaml": own },
      { kustomize: { patches: [{ target: { kind: "Deployment" }, patch }] } },
    );
    expect(manifest?.spec).toMatchObject({ replicas: 3 });
  });

  test("says what does not render", async () => {
    const patches = [{ target: { kind: "Deployment" }, patch: "no patch" }];
    await expect(byKind({ patches })).rejects.toThrow(
      /^Cannot render "config" of "https:\/\/example\.com\/operator\.git": .*patch.*config\/kustomization\.yaml:\d+/,
    );
  });

  test("that takes another repository is refused: it would depend on the network", async () => {
    const remote = "resources: ['https://example.com/other//config?ref=v1']\n";
    await expect(render({ "config/kustomization.yaml": remote })).rejects.toThrow(
      'Cannot load "https://example.com/other//config?ref=v1": remote files and repositories are not supported',
    );
  });

  test("may stand at the repository's root, beside files that it does not take", async () => {
    const files = {
      "kustomization.yaml": "resources: [deployment.yaml]\n",
      "deployment.yaml": deployment,
      "broken.yaml": "{",
    };
    expect(await render(files, { path: "." })).toHaveLength(1);
  });
});

// As RabbitMQ's cluster operator does: Argo CD adds its entry to the kustomization that has one.
describe("a kustomization that replaces its image itself", () => {
  const files = {
    "config/kustomization.yaml":
      "resources: [../manager]\nimages: [{ name: operator-dev, newName: ghcr.io/example/operator, newTag: latest }]\n",
    "manager/kustomization.yaml": "resources: [deployment.yaml]\n",
    "manager/deployment.yaml": deployment.replace("quay.io/example/operator:v1", "operator-dev"),
  };

  test.each([
    ["operator-dev=ghcr.io/example/operator:2.20.0", "ghcr.io/example/operator:2.20.0"],
    ["ghcr.io/example/operator:2.20.0", "ghcr.io/example/operator:latest"],
  ])("with the override %j runs %j", async (override, image) => {
    expect(await render(files, { kustomize: { images: [override] } })).toMatchObject([
      { spec: { template: { spec: { containers: [{ image }] } } } },
    ]);
  });
});

describe("a chart", () => {
  const files = {
    "config/Chart.yaml": "apiVersion: v2\nname: operator\nversion: 0.0.0\n",
    "config/values.yaml": "replicas: 1\ntag: v0.0.0\n",
    "config/production.yaml": "replicas: 3\n",
    "config/crds/widgets.yaml":
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\n",
    "config/templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations: { cluster: "{{ .Capabilities.KubeVersion }}", namespace: {{ .Release.Namespace }} }
spec:
  replicas: {{ .Values.replicas }}
  tag: {{ .Values.tag }}
`,
    "config/templates/hooks.yaml": ["post-install", "test"]
      .map(
        (hook) =>
          `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: ${hook}\n  annotations: { helm.sh/hook: ${hook} }\n`,
      )
      .join("---\n"),
  };

  async function deploymentOf(helm: UpstreamSource["helm"]) {
    const manifests = await render(files, helm ? { helm } : {});
    return manifests.find(({ kind }) => kind === "Deployment");
  }

  test("is released under the Application's name, into its namespace, for our Kubernetes", async () => {
    expect(await deploymentOf(undefined)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "operator",
        namespace: "operators",
        annotations: { cluster: "v1.36.1", namespace: "operators" },
      },
      spec: { replicas: 1, tag: "v0.0.0" },
    });
  });

  test("takes the name and the values of the Application", async () => {
    const helm = { releaseName: "other", valuesObject: { tag: "v1.2.3" } };
    expect(await deploymentOf(helm)).toMatchObject({
      metadata: { name: "other" },
      spec: { replicas: 1, tag: "v1.2.3" },
    });
  });

  test("takes its values files, then the Application's values, and parameters above all", async () => {
    const helm = {
      valueFiles: ["production.yaml"],
      values: "tag: v2\n",
      parameters: [{ name: "tag", value: "a,b" }],
    };
    expect(await deploymentOf(helm)).toMatchObject({ spec: { replicas: 3, tag: "a,b" } });
  });

  test("brings its CustomResourceDefinitions and its hooks, and no tests", async () => {
    const names = (await render(files)).map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(["operator", "post-install", "widgets.example.com"]);
  });

  test("leaves its CustomResourceDefinitions out on demand", async () => {
    const kinds = (await render(files, { helm: { skipCrds: true } })).map(({ kind }) => kind);
    expect(kinds).not.toContain("CustomResourceDefinition");
  });

  test("that needs another chart is refused in Helm's own words", async () => {
    const needy = `${files["config/Chart.yaml"]}dependencies: [{ name: other, version: 1.0.0 }]\n`;
    await expect(render({ ...files, "config/Chart.yaml": needy })).rejects.toThrow(
      /^Cannot render "config" of "https:\/\/example\.com\/operator\.git": helm says: .*missing in charts/,
    );
  });

  test("cannot read values from outside of its repository", async () => {
    for (const file of ["../../secret.yaml", "https://example.com/values.yaml", "$values/a.yaml"]) {
      await expect(render(files, { helm: { valueFiles: [file] } })).rejects.toThrow(
        `the values file "${file}" is not of this repository`,
      );
    }
  });
});

describe("what is not rendered as Argo CD would", () => {
  const files = { "config/kustomization.yaml": "resources: []\n" };

  test.each([
    [{ kustomize: { namePrefix: "x-" } }, '"kustomize.namePrefix" is not known here'],
    [{ helm: { fileParameters: [] } }, '"helm.fileParameters" is not known here'],
    [{ directory: { recurse: true } }, '"directory" is not known here'],
    [{ kustomize: {}, helm: {} }, "overrides for both kustomize and helm"],
  ])("%j is refused by name", async (overrides, words) => {
    await expect(render(files, overrides as Partial<UpstreamSource>)).rejects.toThrow(words);
    await expect(render(files, overrides as Partial<UpstreamSource>)).rejects.toThrow(
      'Application "operator"',
    );
  });

  test("a directory of plain manifests is refused", async () => {
    await expect(render({ "config/deployment.yaml": deployment })).rejects.toThrow(
      'it holds no "kustomization.yaml"',
    );
  });
});
