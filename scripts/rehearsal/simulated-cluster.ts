/** A node that exists as an object only. CPU in cores, memory in GiB, both allocatable. */
type SimulatedNode = {
  readonly name: string;
  readonly zone: string;
  readonly cpu: number;
  readonly memory: number;
};

/** Two nodes in each of three zones: what prod's smallest replica counts need, with room to roll. */
const nodes: readonly SimulatedNode[] = ["a", "b", "c"].flatMap((zone) =>
  [0, 1].map((index) => ({
    name: `simulated-${zone}-${index}`,
    zone: `europe-west4-${zone}`,
    cpu: 15,
    memory: 56,
  })),
);

/** GKE's class for shared volumes; the rehearsal binds its claims to folders nobody writes to. */
const storageClasses = ["enterprise-multishare-rwx"];

/** Everything that GKE would bring and a bare API server lacks. */
export function simulatedObjects(): object[] {
  return [...nodes.map(printNode), ...storageClasses.map(printStorageClass)];
}

function printNode({ name, zone, cpu, memory }: SimulatedNode): object {
  const resources = { cpu: String(cpu), memory: `${memory}Gi`, pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": zone,
      },
    },
    status: { allocatable: resources, capacity: resources },
  };
}

function printStorageClass(name: string): object {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner: "kubernetes.io/host-path",
    volumeBindingMode: "WaitForFirstConsumer",
  };
}
