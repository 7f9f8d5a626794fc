import { describe, expect, test } from "vitest";
import { runChecks } from "../../scripts/checks/run.ts";
import { upstreamChecks } from "../../scripts/checks/upstream/index.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import type { Report } from "../../scripts/reporters/report.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import type { UpstreamRequest } from "../../scripts/upstream/source.ts";
import type { UpstreamRendering } from "../../scripts/upstream/upstreams.ts";

const ours = "https://git.test/fleet.git";

/** An Application of two sources: `https://git.test/<name>.git`, and the overlay of its name. */
function application(name: string, wave: number): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  annotations: { argocd.argoproj.io/sync-wave: "${wave}" }
spec:
  project: operators
  sources:
    - repoURL: https://git.test/${name}.git
      targetRevision: v1.0.0
      path: config
    - repoURL: ${ours}
      targetRevision: main
      path: overlays/dev/${name}
  destination: { server: https://kubernetes.default.svc, namespace: operators }
`;
}

/** Two operators; `early` is synced first. */
const files = {
  "clusters/dev/environment/environment.yaml": `kind: ConfigMap\ndata:\n  repository: ${ours}\n`,
  "clusters/dev/kustomization.yaml": "resources: [app-project.yaml, namespace.yaml]\n",
  "clusters/dev/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: operators }\n",
  "clusters/dev/app-project.yaml": `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: operators }
spec:
  destinations: [{ server: https://kubernetes.default.svc, namespace: operators }]
  clusterResourceWhitelist:
    - { group: apiextensions.k8s.io, kind: CustomResourceDefinition }
    - { group: rbac.authorization.k8s.io, kind: ClusterRole, name: operator-* }
`,
  "apps/dev/kustomization.yaml": "resources: [early.yaml, late.yaml]\n",
  "apps/dev/early.yaml": application("early", -2),
  "apps/dev/late.yaml": application("late", -1),
  "overlays/dev/early/kustomization.yaml": "namespace: operators\nresources: [service.yaml]\n",
  "overlays/dev/early/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: { name: early }\n",
  "overlays/dev/late/kustomization.yaml": "namespace: operators\nresources: [widget.yaml]\n",
  "overlays/dev/late/widget.yaml":
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: late }\n",
};

const definition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: { group: "example.com", names: { kind: "Widget" }, versions: [{ name: "v1" }] },
};

function object(kind: string, name: string, namespace?: string): Manifest {
  const apiVersion = kind === "ClusterRole" ? "rbac.authorization.k8s.io/v1" : "v1";
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
}

function pod(container: object): Manifest {
  return {
    ...object("Pod", "operator", "operators"),
    spec: { containers: [{ name: "main", ...container }] },
  };
}

/** What the two upstream repositories render; the one of `early` has the definition of Widget. */
type Upstreams = {
  readonly early?: readonly Manifest[] | UpstreamRendering;
  readonly late?: readonly Manifest[] | UpstreamRendering;
};

/** Runs the checks on the two operators, with some files changed. */
async function check(
  { early = [definition], late = [] }: Upstreams,
  changes: Readonly<Record<string, string>> = {},
): Promise<{ readonly report: Report; readonly requests: readonly UpstreamRequest[] }> {
  const tree = memoryTree({ ...files, ...changes });
  const fleet = readFleet(tree);
  let requests: readonly UpstreamRequest[] = [];
  const report = await runChecks({
    tree,
    fleet,
    targets: fleet.targets,
    render: renderTargets,
    async renderUpstreams(asked) {
      requests = asked;
      return asked.map(({ application }) => {
        const result = application === "early" ? early : late;
        return "status" in result ? result : { status: "rendered", manifests: result };
      });
    },
    checks: upstreamChecks,
    skip: [],
    clock: () => 0,
  });
  return { report, requests };
}

/** Each finding in a line: its rule, the place and what it says. */
async function findings(...args: Parameters<typeof check>): Promise<string[]> {
  const { report } = await check(...args);
  return report.findings.map(
    ({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`,
  );
}

test("nothing is wrong with two operators that keep to themselves", async () => {
  const { report, requests } = await check({});
  expect(report.findings).toEqual([]);
  expect(report.checks).toEqual([
    { id: "upstream-sources", status: "ran" },
    { id: "upstream", status: "ran" },
  ]);
  expect(requests[0]).toEqual({
    application: "early",
    namespace: "operators",
    source: { repoURL: "https://git.test/early.git", targetRevision: "v1.0.0", path: "config" },
  });
});

test("sources are told from ours by the environment's repository", async () => {
  const { requests } = await check({});
  expect(requests.map(({ source }) => source.repoURL)).toEqual([
    "https://git.test/early.git",
    "https://git.test/late.git",
  ]);
});

describe("upstream-image", () => {
  test.each([
    ["quay.io/example/operator:latest", "which is not a release"],
    ["quay.io/example/operator:main", "which is not a release"],
    ["quay.io/example/operator:v0.0.0", "which is not a release"],
    ["quay.io/example/operator:v1.5.0-dev", "which is not a release"],
    ["quay.io/example/operator", "without a tag"],
    ["localhost/operator:v0.0.1", "of the machine that built it"],
  ])("objects to %s", async (image, fault) => {
    expect(await findings({ late: [pod({ image })] })).toEqual([
      `upstream-image apps/dev/late.yaml:9 Container "main" runs "${image}", ${fault}, in Pod/operators/operator of Application "late"`,
    ]);
  });

  test.each([
    "quay.io/example/operator:v1.2.3",
    "quay.io/example/operator:2.21.0",
    "public.ecr.aws/docker/library/redis:8.2.3-alpine",
    `quay.io/example/operator@sha256:${"0".repeat(64)}`,
  ])("is content with %s", async (image) => {
    expect(await findings({ late: [pod({ image })] })).toEqual([]);
  });

  test("looks at images that a container hands on", async () => {
    const image = "quay.io/example/solver:v0.0.0";
    const late = [
      pod({
        image: "quay.io/example/operator:v1.2.3",
        args: [`--solver-image=${image}`, "--address=example.com/path", "--verbose"],
        env: [{ name: "DEFAULT_IMAGE", value: image }],
      }),
    ];
    expect(await findings({ late })).toEqual([
      `upstream-image apps/dev/late.yaml:9 Container "main" is given --solver-image "${image}", which is not a release, in Pod/operators/operator of Application "late"`,
      `upstream-image apps/dev/late.yaml:9 Container "main" is given DEFAULT_IMAGE "${image}", which is not a release, in Pod/operators/operator of Application "late"`,
    ]);
  });
});

describe("object-owned-twice", () => {
  test("objects to an upstream object that an overlay has too", async () => {
    const late = [object("Service", "early", "operators")];
    expect(await findings({ late })).toEqual([
      'object-owned-twice overlays/dev/early/service.yaml:3 Service/operators/early is rendered by Application "late" from "https://git.test/late.git" and by Application "early" from "overlays/dev/early"',
    ]);
  });

  test("objects to an object in two upstream sources", async () => {
    const role = object("ClusterRole", "operator-a");
    expect(await findings({ early: [definition, role], late: [role] })).toEqual([
      'object-owned-twice apps/dev/late.yaml:11 ClusterRole/operator-a is rendered by Application "early" from "https://git.test/early.git" and by Application "late" from "https://git.test/late.git"',
    ]);
  });

  test("objects to an object in two sources of one Application", async () => {
    const early = [definition, object("Service", "early", "operators")];
    expect(await findings({ early })).toEqual([
      'object-owned-twice overlays/dev/early/service.yaml:3 Service/operators/early is rendered twice by Application "early", from "https://git.test/early.git" and from "overlays/dev/early"',
    ]);
  });

  test("takes no object for another one in a different namespace", async () => {
    const late = [object("Service", "early", "elsewhere")];
    expect(await findings({ late })).toEqual([expect.stringMatching(/^argo-project-destination /)]);
  });
});

describe("the project's permissions", () => {
  test("reach upstream objects: kinds", async () => {
    expect(await findings({ late: [object("PersistentVolume", "data")] })).toEqual([
      'argo-project-kind clusters/dev/app-project.yaml:6 Project "operators" does not allow the cluster-scoped kind "PersistentVolume" that Application "late" renders',
    ]);
  });

  test("reach upstream objects: names", async () => {
    const late = [object("ClusterRole", "operator-a"), object("ClusterRole", "admin")];
    expect(await findings({ late })).toEqual([
      'argo-project-kind clusters/dev/app-project.yaml:6 Project "operators" does not allow the cluster-scoped kind "ClusterRole" with the name "admin" that Application "late" renders',
    ]);
  });

  test("reach upstream objects: namespaces", async () => {
    const { report } = await check({ late: [object("Role", "reader", "kube-system")] });
    expect(report.findings).toMatchObject([
      { rule: "argo-project-destination", place: { file: "apps/dev/late.yaml", line: 11 } },
    ]);
  });
});

describe("order", () => {
  test("an object may not be synced before the kind that another Application brings", async () => {
    expect(await findings({ early: [], late: [definition] })).toEqual([]);
    const widget = "resources: [service.yaml, widget.yaml]\n";
    const early = {
      "overlays/dev/early/kustomization.yaml": `namespace: operators\n${widget}`,
      "overlays/dev/early/widget.yaml":
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: early }\n",
    };
    expect(await findings({ early: [], late: [definition] }, early)).toEqual([
      'kind-before-definition overlays/dev/early/widget.yaml:2 Widget/operators/early is synced with Application "early" in wave -2, and its kind comes with "late" in wave -1',
    ]);
  });

  test("a kind has to come from somewhere", async () => {
    expect(await findings({ early: [], late: [object("Secret", "key", "operators")] })).toEqual([]);
    const early = [object("Secret", "key", "operators")];
    expect(await findings({ early, late: [object("Secret", "other", "operators")] })).toEqual([
      'kind-without-definition overlays/dev/late/widget.yaml:2 Widget/operators/late is of the kind "Widget" in "example.com/v1", which no Application of "dev" brings',
    ]);
  });

  test("what is not rendered may bring it", async () => {
    const early = { status: "unavailable", reason: "Cannot fetch it" } as const;
    expect(await findings({ early })).toEqual([]);
  });

  test.each(["networking.gke.io/v1", "gateway.networking.k8s.io/v1"])(
    "%s is there before any Application",
    async (apiVersion) => {
      const late = [{ ...object("GatewayPolicy", "a", "operators"), apiVersion }];
      expect(await findings({ late })).toEqual([]);
    },
  );
});

test("a source that does not render is a finding at its line", async () => {
  const late = { status: "refused", message: "Cannot render it" } as const;
  expect(await findings({ late })).toEqual([
    "upstream-render apps/dev/late.yaml:11 Cannot render it",
  ]);
});

test("a source that is not to be had has its check skipped, with the reason; the others are checked", async () => {
  const { report } = await check({
    early: { status: "unavailable", reason: "Cannot fetch it" },
    late: [pod({ image: "quay.io/example/operator:latest" })],
  });
  expect(report.checks).toEqual([
    { id: "upstream-sources", status: "skipped", reason: "Cannot fetch it" },
    { id: "upstream", status: "ran" },
  ]);
  expect(report.findings).toMatchObject([{ rule: "upstream-image" }]);
});
