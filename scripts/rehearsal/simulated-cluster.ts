import type { Manifest } from "../fleet/resource.ts";
import { nodesOf } from "../nodes/nodes.ts";
import type { Cluster } from "./cluster.ts";

/** GKE's classes that claims of this repository name, or none, which means the first. */
const classes = ["standard-rwo", "premium-rwo", "enterprise-multishare-rwx"];

/** GKE's storage classes; the rehearsal binds their claims to folders that nobody writes to. */
export function storageClasses(): object[] {
  return classes.map((name, index) => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name,
      annotations: { "storageclass.kubernetes.io/is-default-class": String(index === 0) },
    },
    provisioner: "kubernetes.io/host-path",
    volumeBindingMode: "WaitForFirstConsumer",
  }));
}

/** Makes the cluster's nodes those of the environment's node pools, each pool at its largest size:
 * what does not fit then never will. */
export async function provideNodes(cluster: Cluster, pools: readonly Manifest[]): Promise<void> {
  const nodes = nodesOf(pools, "maximum");
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const gone = (await cluster.list("v1", "Node")).filter(
    ({ metadata }) => !names.has(metadata.name),
  );
  await Promise.all(nodes.map((node) => cluster.apply(node)));
  await Promise.all(gone.map((node) => cluster.remove(node)));
}
