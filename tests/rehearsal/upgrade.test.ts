import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { compareSnapshots, takeSnapshot } from "../../scripts/rehearsal/upgrade.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";
import { causesOf, openQuietly, repository, withApplications } from "./open.ts";

const namespace = "llm-systems-dev";
const few = [
  "argocd",
  "cloudnative-pg",
  "node-pools",
  "prometheus-operator",
  "rabbitmq-operators",
  "cert-manager",
];

/** A system with a claim, a database and a broker, as the systems of this repository protect theirs. */
const ledger = ["persistent-volume-claim", "cluster", "rabbitmq-cluster"];
const keep = { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" };
const manifests: Record<string, object> = {
  "persistent-volume-claim": {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "ledger", annotations: keep },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "immediate",
      resources: { requests: { storage: "1Gi" } },
    },
  },
  cluster: {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name: "ledger", annotations: keep },
    spec: { instances: 1, storage: { size: "1Gi" } },
  },
  "rabbitmq-cluster": {
    apiVersion: "rabbitmq.com/v1beta1",
    kind: "RabbitmqCluster",
    metadata: { name: "ledger", annotations: keep },
    spec: { replicas: 1 },
  },
};

/** The repository with an Application of that name for the ledger, and what its overlay holds. */
function withLedger(tree: Tree, name: string | undefined, objects: readonly string[]): Tree {
  const applications = withApplications(tree, "dev", few)["apps/dev/kustomization.yaml"] ?? "";
  const file = `apps/dev/${name}.yaml`;
  const overlay = "overlays/dev/ledger";
  return overlayTree(tree, {
    "apps/dev/kustomization.yaml": name
      ? applications.replace("  - argocd.yaml\n", `  - argocd.yaml\n  - ${name}.yaml\n`)
      : applications,
    ...(name && {
      [file]: readText(tree, "apps/dev/llm-runner-router.yaml")
        ?.replace("name: llm-runner-router", `name: ${name}`)
        .replace("overlays/dev/llm-runner-router", overlay),
    }),
    [`${overlay}/kustomization.yaml`]: JSON.stringify({
      namespace,
      resources: ["config-map.yaml", ...objects.map((object) => `${object}.yaml`)],
    }),
    // Something that may go: an Application has to have a resource.
    [`${overlay}/config-map.yaml`]: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ledger}\n",
    ...Object.fromEntries(
      ledger.map((object) => [`${overlay}/${object}.yaml`, JSON.stringify(manifests[object])]),
    ),
  });
}

/** The repository as it was before cloudnative-pg's last minor version. */
const before: Tree = (() => {
  const file = "apps/dev/cloudnative-pg.yaml";
  const text = readText(repository, file)?.replaceAll("1.30.0", "1.29.0");
  return overlayTree(repository, { [file]: text });
})();

/** The same with a network policy that the API server refuses, in a wave before the last. */
const broken: Tree = (() => {
  const file = "base/cert-manager/network-policy-prometheus.yaml";
  const text = readText(before, file)?.replace("protocol: TCP", "protocol: HTTP");
  return overlayTree(before, { [file]: text });
})();

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;

beforeAll(async () => {
  rehearsal = await openQuietly("dev");
  // GKE's classes bind at the first consumer; this claim has none.
  await rehearsal.cluster.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "immediate" },
    provisioner: "kubernetes.io/host-path",
    volumeBindingMode: "Immediate",
  });
});
afterAll(() => rehearsal?.close());

describe("a first sync whose wave is broken", () => {
  it("stops there, and continues by itself when a fix is pushed", async () => {
    const first = await rehearsal.sync(withLedger(broken, "ledger", ledger), "broken");
    expect(first).toMatchObject({
      kind: "failed",
      causes: [
        {
          application: "cert-manager",
          resource: { kind: "NetworkPolicy" },
          message: expect.stringContaining('Unsupported value: "HTTP"'),
          place: { file: "base/cert-manager/network-policy-prometheus.yaml" },
        },
      ],
    });
    expect(await application("cloudnative-pg")).toBeUndefined();
    expect(await application("ledger")).toBeUndefined();

    const fixed = await rehearsal.sync(withLedger(before, "ledger", ledger), "the fix");
    expect(causesOf(fixed)).toEqual([]);
    expect(await application("ledger")).toBeDefined();
  });
});

describe("an operator's next minor version", () => {
  it("brings its kinds and its program, and recreates nothing", async () => {
    expect(await operatorImage()).toBe("ghcr.io/cloudnative-pg/cloudnative-pg:1.29.0");
    const [snapshot, kind] = await Promise.all([takeSnapshot(rehearsal.cluster), clusterKind()]);

    const after = await rehearsal.sync(withLedger(repository, "ledger", ledger), "the upgrade");
    expect(causesOf(after)).toEqual([]);
    expect(await operatorImage()).toBe("ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0");
    expect((await clusterKind())?.metadata.uid).toBe(kind?.metadata.uid);
    expect((await clusterKind())?.metadata.generation).toBeGreaterThan(
      kind?.metadata.generation ?? Number.POSITIVE_INFINITY,
    );
    expect(compareSnapshots(snapshot, await takeSnapshot(rehearsal.cluster))).toMatchObject({
      pruned: [],
      recreated: [],
    });
  });

  async function operatorImage(): Promise<string | undefined> {
    const deployment = await rehearsal.cluster.find(
      "apps/v1",
      "Deployment",
      "cnpg-controller-manager",
      "cnpg-system",
    );
    return deployment?.spec.template.spec.containers[0].image;
  }

  async function clusterKind() {
    const name = "clusters.postgresql.cnpg.io";
    const api = "apiextensions.k8s.io/v1";
    return (await rehearsal.cluster.find(api, "CustomResourceDefinition", name)) as
      | (LiveObject & { metadata: { generation: number } })
      | undefined;
  }
});

describe("the data of a stateful system", () => {
  let data: readonly (string | undefined)[];

  beforeAll(async () => {
    data = await identities();
    expect(data).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  });

  it("stays when its Application is deleted", async () => {
    await rehearsal.sync(withLedger(repository, undefined, ledger), "without the Application");
    await expect.poll(() => application("ledger"), { timeout: 30_000 }).toBeUndefined();
    expect(await identities()).toEqual(data);
  });

  it("stays when its Application has another name", async () => {
    const renamed = await rehearsal.sync(withLedger(repository, "accounts", ledger), "renamed");
    expect(causesOf(renamed)).toEqual([]);
    expect(await identities()).toEqual(data);
  });

  it("stays when the manifests are gone, while what is not protected is pruned", async () => {
    await rehearsal.sync(withLedger(repository, "accounts", []), "without the data's manifests");
    const skipped = (await application("accounts"))?.status.operationState.syncResult.resources
      .filter(({ status }: { status: string }) => status === "PruneSkipped")
      .map(({ kind }: { kind: string }) => kind);
    expect(skipped.sort()).toEqual(["Cluster", "PersistentVolumeClaim", "RabbitmqCluster"]);
    expect(await identities()).toEqual(data);
  });

  async function identities(): Promise<(string | undefined)[]> {
    const found = await Promise.all(
      ledger.map((object) => {
        const { apiVersion, kind } = manifests[object] as { apiVersion: string; kind: string };
        return rehearsal.cluster.find(apiVersion, kind, "ledger", namespace);
      }),
    );
    return found.map((object) => object?.metadata.uid);
  }
});

async function application(name: string): Promise<LiveObject | undefined> {
  return await rehearsal.cluster.find("argoproj.io/v1alpha1", "Application", name, "argocd");
}
