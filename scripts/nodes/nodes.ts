import type { Manifest } from "../fleet/resource.ts";
import { allocatableOf, fileSystemKi } from "./allocatable.ts";
import { type Extent, type NodePool, readNodePool, type Taint } from "./node-pool.ts";
import { regionOf } from "./zones.ts";

/**
 * The Nodes that GKE would make of ContainerNodePools: their labels and taints, and what is left of
 * their machines to pods. Other manifests are passed over. Nothing scales pools in a rehearsal, so they
 * stand at one end of their limits. Throws a `SlipwayError` that names a pool it cannot simulate.
 */
export function nodesOf(manifests: readonly Manifest[], extent: Extent = "minimum"): Manifest[] {
  return manifests
    .filter(({ kind }) => kind === "ContainerNodePool")
    .flatMap((manifest) => nodesOfPool(readNodePool(manifest, extent)));
}

function nodesOfPool(pool: NodePool): Manifest[] {
  return pool.zones.flatMap((zone, at) =>
    Array.from({ length: pool.counts[at] ?? 0 }, (_, index) => printNode(pool, zone, index)),
  );
}

function printNode(pool: NodePool, zone: string, index: number): Manifest {
  const name = `${pool.name}-${zone.slice(-1)}-${index}`;
  const taints = taintsOf(pool);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: labelsOf(pool, zone, name) },
    spec: taints.length > 0 ? { taints } : {},
    status: resourcesOf(pool),
  };
}

function labelsOf(pool: NodePool, zone: string, name: string): Record<string, string> {
  const { machine, spot } = pool;
  return {
    ...pool.labels,
    "cloud.google.com/gke-nodepool": pool.name,
    "cloud.google.com/gke-provisioning": spot ? "spot" : "standard",
    ...(spot && { "cloud.google.com/gke-spot": "true" }),
    ...(machine.tpu && {
      "cloud.google.com/gke-accelerator-count": String(machine.tpu.chips),
      "cloud.google.com/gke-tpu-accelerator": machine.tpu.accelerator,
      "cloud.google.com/gke-tpu-topology": pool.topology ?? machine.tpu.topology,
    }),
    "cloud.google.com/machine-family": machine.type.replace(/-.*$/, ""),
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": machine.type,
    "topology.kubernetes.io/region": regionOf(zone),
    "topology.kubernetes.io/zone": zone,
  };
}

/** What is declared, and GKE's own on TPUs. Spot nodes of a Standard cluster have none of their own. */
function taintsOf({ taints, machine }: NodePool): Taint[] {
  const own = { key: "google.com/tpu", value: "present", effect: "NoSchedule" };
  const isDeclared = taints.some(({ key, effect }) => key === own.key && effect === own.effect);
  return machine.tpu && !isDeclared ? [...taints, own] : [...taints];
}

function resourcesOf({ machine, diskGiB, maxPods }: NodePool): object {
  const { milliCpu, memoryMiB, ephemeralStorageKi } = allocatableOf(machine, diskGiB);
  const whole = {
    pods: String(maxPods),
    ...(machine.tpu && { "google.com/tpu": String(machine.tpu.chips) }),
  };
  return {
    allocatable: {
      cpu: `${milliCpu}m`,
      memory: `${memoryMiB}Mi`,
      "ephemeral-storage": `${ephemeralStorageKi}Ki`,
      ...whole,
    },
    capacity: {
      cpu: String(machine.vcpus),
      memory: `${machine.memoryGiB}Gi`,
      "ephemeral-storage": `${fileSystemKi(diskGiB)}Ki`,
      ...whole,
    },
  };
}
