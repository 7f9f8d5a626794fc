import { describe, expect, it } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { nodesOf } from "../../scripts/nodes/nodes.ts";

type Spec = { readonly nodeConfig?: object; readonly [field: string]: unknown };

/** A ContainerNodePool in Europe with one node in each zone, and what the test is about. */
function pool(spec: Spec = {}, name = "general"): Manifest {
  const { nodeConfig, ...rest } = spec;
  return {
    apiVersion: "container.cnrm.cloud.google.com/v1beta1",
    kind: "ContainerNodePool",
    metadata: { name },
    spec: {
      location: "europe-west4",
      initialNodeCount: 1,
      nodeConfig: { machineType: "e2-standard-4", ...nodeConfig },
      ...rest,
    },
  };
}

const names = (...args: Parameters<typeof nodesOf>) =>
  nodesOf(...args).map(({ metadata }) => metadata.name);

it("nodesOf() makes a Node as GKE would", () => {
  expect(nodesOf([pool({ nodeConfig: { labels: { team: "ml" } } })])[0]).toEqual({
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "general-a-0",
      labels: {
        "cloud.google.com/gke-nodepool": "general",
        "cloud.google.com/gke-provisioning": "standard",
        "cloud.google.com/machine-family": "e2",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "general-a-0",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "e2-standard-4",
        team: "ml",
        "topology.kubernetes.io/region": "europe-west4",
        "topology.kubernetes.io/zone": "europe-west4-a",
      },
    },
    spec: {},
    status: {
      allocatable: {
        cpu: "3920m",
        memory: "13621Mi",
        "ephemeral-storage": "45957101Ki",
        pods: "110",
      },
      capacity: { cpu: "4", memory: "16Gi", "ephemeral-storage": "98831908Ki", pods: "110" },
    },
  });
});

it("nodesOf() passes over what is no pool", () => {
  expect(nodesOf([{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }])).toEqual([]);
});

describe("where the nodes are", () => {
  it.each([
    [
      "a region",
      { location: "europe-west4" },
      ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
    ],
    [
      "a region without a zone a",
      { location: "us-east1" },
      ["us-east1-b", "us-east1-c", "us-east1-d"],
    ],
    ["a zone", { location: "europe-west4-b" }, ["europe-west4-b"]],
    ["zones it names", { nodeLocations: ["europe-west4-c"] }, ["europe-west4-c"]],
  ])("nodesOf() takes the zones of %s", (_, spec, zones) => {
    const nodes = nodesOf([pool(spec)]);
    expect(nodes.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"])).toEqual(
      zones,
    );
  });
});

describe("how many there are", () => {
  const perZone = { autoscaling: { minNodeCount: 1, maxNodeCount: 2 } };
  it("nodesOf() takes an autoscaled pool at its minimum in each zone", () => {
    expect(names([pool(perZone)])).toEqual(["general-a-0", "general-b-0", "general-c-0"]);
  });

  it("nodesOf() takes it at its maximum where that is asked for", () => {
    expect(names([pool(perZone)], "maximum")).toEqual(
      ["a-0", "a-1", "b-0", "b-1", "c-0", "c-1"].map((end) => `general-${end}`),
    );
  });

  it("nodesOf() spreads a total over the zones", () => {
    const total = pool({ autoscaling: { totalMinNodeCount: 4, totalMaxNodeCount: 9 } });
    expect(names([total])).toEqual(["a-0", "a-1", "b-0", "c-0"].map((end) => `general-${end}`));
  });

  it("nodesOf() has none of a pool that may be empty", () => {
    expect(names([pool({ autoscaling: { minNodeCount: 0, maxNodeCount: 20 } })])).toEqual([]);
  });

  it("nodesOf() takes the fixed count of a pool that nothing scales", () => {
    expect(names([pool({ location: "europe-west4-a", nodeCount: 2 })])).toEqual([
      "general-a-0",
      "general-a-1",
    ]);
  });
});

describe("labels and taints", () => {
  const first = (spec: Spec) => nodesOf([pool({ location: "europe-west4-a", ...spec })])[0];

  it("nodesOf() labels spot nodes and, as GKE Standard, taints them only where that is declared", () => {
    const node = first({ nodeConfig: { spot: true } });
    expect(node?.metadata.labels).toMatchObject({
      "cloud.google.com/gke-provisioning": "spot",
      "cloud.google.com/gke-spot": "true",
    });
    expect(node?.spec).toEqual({});
  });

  it("nodesOf() writes a declared taint in the words of Kubernetes", () => {
    const taint = [{ key: "llm-workload", value: "true", effect: "NO_SCHEDULE" }];
    expect(first({ nodeConfig: { taint } })?.spec).toEqual({
      taints: [{ key: "llm-workload", value: "true", effect: "NoSchedule" }],
    });
  });

  it.each([
    ["ct5lp-hightpu-1t", "1", "1x1"],
    ["ct5lp-hightpu-4t", "4", "2x2"],
    ["ct5lp-hightpu-8t", "8", "2x4"],
  ])("nodesOf() gives %s its chips, labels and taint", (machineType, chips, topology) => {
    const node = first({ nodeConfig: { machineType } });
    expect(node?.metadata.labels).toMatchObject({
      "cloud.google.com/gke-accelerator-count": chips,
      "cloud.google.com/gke-tpu-accelerator": "tpu-v5-lite-podslice",
      "cloud.google.com/gke-tpu-topology": topology,
    });
    expect(node?.spec).toEqual({
      taints: [{ key: "google.com/tpu", value: "present", effect: "NoSchedule" }],
    });
    expect(node?.status).toMatchObject({
      allocatable: { "google.com/tpu": chips },
      capacity: { "google.com/tpu": chips },
    });
  });

  it("nodesOf() does not repeat the TPU taint of a pool that declares it", () => {
    const taint = [{ key: "google.com/tpu", value: "present", effect: "NO_SCHEDULE" }];
    const spec = first({ nodeConfig: { machineType: "ct5lp-hightpu-1t", taint } })?.spec;
    expect(spec).toEqual({
      taints: [{ key: "google.com/tpu", value: "present", effect: "NoSchedule" }],
    });
  });

  it("nodesOf() takes the topology of a slice over several machines from its placement", () => {
    const node = first({
      nodeConfig: { machineType: "ct5lp-hightpu-4t" },
      placementPolicy: { type: "COMPACT", tpuTopology: "4x4" },
    });
    expect(node?.metadata.labels).toMatchObject({ "cloud.google.com/gke-tpu-topology": "4x4" });
  });
});

describe("what cannot be simulated", () => {
  it.each([
    [
      { nodeConfig: { machineType: "x9-huge-1" } },
      'Cannot simulate the nodes of pool "general": the size of machine type "x9-huge-1" is not known; add it to scripts/nodes/machine-types.ts',
    ],
    [{ nodeConfig: { machineType: "e2-standard-5" } }, 'machine type "e2-standard-5" is not known'],
    [{ location: "europe" }, 'its location "europe" is neither a region such as'],
    [{ initialNodeCount: undefined }, "it does not say how many there are"],
    [
      { nodeConfig: { taint: [{ key: "a", value: "b", effect: "NoSchedule" }] } },
      'the effect "NoSchedule" of taint "a" is none of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE',
    ],
  ])("nodesOf() says of %j why, and the way out", (spec, message) => {
    expect(() => nodesOf([pool(spec)])).toThrow(SlipwayError);
    expect(() => nodesOf([pool(spec)])).toThrow(message);
  });
});
