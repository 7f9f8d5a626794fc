import { setTimeout } from "node:timers/promises";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import type { Cluster, LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { provideNodes } from "../../scripts/rehearsal/simulated-cluster.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";

/** What is placed: a pool's first pod and how many of it there shall be. */
export type Replicated = { readonly pod: Manifest; readonly replicas: number };

const NODE_POOL = "slipway.dev/node-pool";
let cases = 0;

/**
 * Lets the real scheduler place the pods of pools onto the nodes of an environment's node pools, below
 * its quota and defaults. Says of each pool whose pods do not run where they belong why, with the
 * files of the pool and of the node pool.
 */
export async function place(
  cluster: Cluster,
  resources: readonly Resource[],
  pools: readonly Replicated[],
): Promise<string[]> {
  const namespace = await prepare(cluster, resources);
  const refused = new Map<string, string>();
  const pods: Manifest[] = [];
  // One pool after another: what a quota refuses is then of the last.
  for (const { pod, replicas } of pools) {
    const own = Array.from({ length: replicas }, (_, index) => ({
      ...pod,
      metadata: { ...pod.metadata, namespace, name: pod.metadata.name.replace(/0$/, `${index}`) },
    }));
    pods.push(...own);
    await Promise.all(
      own.map((one) =>
        cluster.apply(one).catch((error: Error) => {
          refused.set(one.metadata.name, error.message);
        }),
      ),
    );
  }
  const placed = await settled(cluster, namespace);
  const nodes = new Map(
    (await cluster.list("v1", "Node")).map(({ metadata }) => [metadata.name, metadata.labels]),
  );
  await Promise.all(placed.map((pod) => cluster.remove(pod)));
  await waitFor("the pods' removal", 60, async () => {
    return (await cluster.list("v1", "Pod", namespace)).length === 0;
  });
  return pools.flatMap(({ pod, replicas }) => {
    const pool = pod.metadata.labels?.["antfly.io/pool"] ?? "";
    const expected = pod.metadata.annotations?.[NODE_POOL] ?? "";
    const wrong = Map.groupBy(
      pods.filter(({ metadata }) => metadata.labels?.["antfly.io/pool"] === pool),
      ({ metadata }) => {
        const refusal = refused.get(metadata.name);
        if (refusal !== undefined) return `are refused: ${refusal}`;
        const found = placed.find((one) => one.metadata.name === metadata.name);
        const node = found?.spec.nodeName as string | undefined;
        if (found !== undefined && node === undefined) {
          return `wait for node pool ${title(resources, "ContainerNodePool", expected)}: ${reasonOf(found)}`;
        }
        const actual = nodes.get(node ?? "")?.["cloud.google.com/gke-nodepool"] ?? "";
        if (actual === expected) return "";
        return `run on node pool ${title(resources, "ContainerNodePool", actual)} instead of ${title(resources, "ContainerNodePool", expected)}`;
      },
    );
    wrong.delete("");
    return [...wrong].map(
      ([what, some]) =>
        `${some.length} of ${replicas} pods of TermitePool ${title(resources, "TermitePool", pool)} ${what}`,
    );
  });
}

/** Nodes that are ready, and an empty namespace with what admission knows of the pools' own. */
async function prepare(cluster: Cluster, resources: readonly Resource[]): Promise<string> {
  const manifests = resources.map(({ manifest }) => manifest);
  await provideNodes(cluster, manifests);
  const own = "termite-operator-namespace";
  const name = `placement-${cases++}`;
  const { apiVersion, kind, metadata } = only(manifests, "Namespace", own);
  await cluster.apply({ apiVersion, kind, metadata: { name, labels: metadata.labels } });
  for (const limit of ["LimitRange", "ResourceQuota"]) {
    const { status: _, ...manifest } = only(manifests, limit, "termite");
    await cluster.apply({ ...manifest, metadata: { name: "termite", namespace: name } });
  }
  await waitFor("nodes and quota", 60, async () => {
    const [account, quota, nodes] = await Promise.all([
      cluster.find("v1", "ServiceAccount", "default", name),
      cluster.find("v1", "ResourceQuota", "termite", name),
      cluster.list("v1", "Node"),
    ]);
    const taints = nodes.flatMap(({ spec }) => (spec.taints ?? []) as { key: string }[]);
    return (
      account !== undefined &&
      quota?.status?.hard !== undefined &&
      taints.every(({ key }) => !key.startsWith("node.kubernetes.io/"))
    );
  });
  return name;
}

/** The pods when each has a node, or the scheduler has said for three looks in a row that there is none. */
async function settled(cluster: Cluster, namespace: string): Promise<readonly LiveObject[]> {
  let last = "";
  let looks = 0;
  for (;;) {
    const pods = await cluster.list("v1", "Pod", namespace);
    const told = pods.map((pod) => pod.spec.nodeName ?? reasonOf(pod));
    if (pods.every(({ spec }) => spec.nodeName)) return pods;
    const now = JSON.stringify(told);
    looks = told.every(Boolean) && now === last ? looks + 1 : 0;
    if (looks === 3) return pods;
    last = now;
    await setTimeout(1000);
  }
}

function reasonOf({ status }: LiveObject): string {
  const conditions: readonly Condition[] = status?.conditions ?? [];
  const { reason, message = "" } = conditions.find(({ type }) => type === "PodScheduled") ?? {};
  return reason === "Unschedulable" ? message : "";
}

type Condition = { readonly type: string; readonly reason?: string; readonly message?: string };

function only(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} "${name}"`);
  return found;
}

/** The name of an object and the file and line where what decides is written. */
function title(resources: readonly Resource[], kind: string, name: string): string {
  const found = resources.find(
    ({ manifest }) => manifest.kind === kind && manifest.metadata.name === name,
  );
  const path = kind === "TermitePool" ? ["spec", "hardware"] : ["spec", "nodeConfig"];
  const { file, line } = found?.placeOf(path) ?? { file: "no file" };
  return `"${name}" (${file}:${line})`;
}
