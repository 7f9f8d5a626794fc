import { describe, expect, it } from "vitest";
import { acceleratorFindings } from "../../scripts/checks/accelerators/index.ts";
import type { Finding } from "../../scripts/checks/finding.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { resourcesIn } from "../policies/resources.ts";

type Change = readonly [from: string, to: string];

/** Four chips on demand, two replicas at most. */
const pool = `
  apiVersion: antfly.io/v1alpha1
  kind: TermitePool
  metadata: {name: queries}
  spec:
    replicas: {min: 1, max: 2}
    hardware: {accelerator: tpu-v5-lite-podslice, topology: 2x2, machineType: ct5lp-hightpu-4t}
    resources: {requests: {cpu: "2", memory: 8Gi}}`;

const nodes = `
  apiVersion: container.cnrm.cloud.google.com/v1beta1
  kind: ContainerNodePool
  metadata: {name: tpu-2x2}
  spec:
    location: europe-west4
    nodeLocations: [europe-west4-b]
    autoscaling: {totalMinNodeCount: 1, totalMaxNodeCount: 2}
    nodeConfig: {machineType: ct5lp-hightpu-4t}`;

const burst: readonly Change[] = [
  ["queries", "burst"],
  ["tpu-2x2", "tpu-1x1"],
  ["topology: 2x2", "topology: 1x1, spot: true"],
  ["machineType: ct5lp-hightpu-4t}", "machineType: ct5lp-hightpu-1t, spot: true}"],
];

/** What is found in manifests with some text changed: `<rule> <file>:<line> <message>`. */
function findings(text: string, ...changes: readonly Change[]): string[] {
  return print(acceleratorFindings(read(text, changes), { isWhole: true }));
}

function read(text: string, changes: readonly Change[]): Resource[] {
  return resourcesIn(
    changes.reduce((before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`There is no "${from}" to change`);
      return before.replace(from, to);
    }, text),
  );
}

function print(found: readonly Finding[]): string[] {
  return found.map(({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`);
}

const both = `${pool}\n  ---${nodes}`;

describe("a pool and its node pool", () => {
  it("agree in silence", () => {
    expect(findings(both)).toEqual([]);
  });

  it.each<[string, Change, string]>([
    [
      "the topology",
      ["topology: 2x2", "topology: 2x4"],
      'accelerator-topology rendered.yaml:7 TermitePool "queries" wants topology "2x4", and node pool "tpu-2x2" (rendered.yaml:17) has "2x2"',
    ],
    [
      "the machine that the pool names",
      ["machineType: ct5lp-hightpu-4t}\n  ", "machineType: ct5lp-hightpu-8t}\n  "],
      'accelerator-machine rendered.yaml:7 TermitePool "queries" wants machine type "ct5lp-hightpu-8t", and node pool "tpu-2x2" (rendered.yaml:17) has "ct5lp-hightpu-4t"',
    ],
    [
      "the machine that the nodes are",
      [
        "nodeConfig: {machineType: ct5lp-hightpu-4t}",
        "nodeConfig: {machineType: ct5lp-hightpu-1t}",
      ],
      'accelerator-machine rendered.yaml:7 TermitePool "queries" wants machine type "ct5lp-hightpu-4t", and node pool "tpu-2x2" (rendered.yaml:17) has "ct5lp-hightpu-1t"',
    ],
    [
      "the generation of the chips",
      ["accelerator: tpu-v5-lite-podslice", "accelerator: tpu-v6e-slice"],
      'accelerator-type rendered.yaml:7 TermitePool "queries" wants accelerator "tpu-v6e-slice", and node pool "tpu-2x2" (rendered.yaml:17) has "tpu-v5-lite-podslice"',
    ],
    [
      "spot machines under a pool on demand",
      ["machineType: ct5lp-hightpu-4t}", "machineType: ct5lp-hightpu-4t, spot: true}"],
      'accelerator-spot rendered.yaml:7 TermitePool "queries" wants spot machines, and node pool "tpu-2x2" (rendered.yaml:17) has machines on demand',
    ],
    [
      "the chips that a pod asks for",
      ["memory: 8Gi", "memory: 8Gi, google.com/tpu: 2"],
      'accelerator-chips rendered.yaml:8 Pods of TermitePool "queries" ask for 2 chips, and machines of node pool "tpu-2x2" (rendered.yaml:17) have 4',
    ],
    [
      "a slice over several machines",
      [
        "location: europe-west4\n",
        "location: europe-west4\n    placementPolicy: {tpuTopology: 4x4}\n",
      ],
      'accelerator-slice rendered.yaml:15 Node pool "tpu-2x2" makes one slice "4x4" of its machines, and each pod of TermitePool "queries" (rendered.yaml:7) is a slice of its own, "2x2"',
    ],
    [
      "a taint that nothing tolerates",
      [
        "nodeConfig: {",
        "nodeConfig: {taint: [{key: cloud.google.com/gke-spot, value: 'true', effect: NO_SCHEDULE}], ",
      ],
      'accelerator-taint rendered.yaml:17 Node pool "tpu-2x2" has the taint "cloud.google.com/gke-spot=true:NoSchedule", which pods of TermitePool "queries" (rendered.yaml:7) do not tolerate',
    ],
    [
      "more memory than a machine has",
      ["memory: 8Gi", "memory: 400Gi"],
      // 192 GiB without 2662.4 + 6881.28 + 1310.72 MiB for the system and 100 MiB of threshold
      'accelerator-resources rendered.yaml:8 Pods of TermitePool "queries" request 409600Mi of memory, and GKE leaves 185653Mi of a machine of node pool "tpu-2x2" (rendered.yaml:17)',
    ],
    [
      "a ceiling below the replicas",
      ["totalMaxNodeCount: 2", "totalMaxNodeCount: 1"],
      'accelerator-ceiling rendered.yaml:16 Node pool "tpu-2x2" has at most 1 nodes, and TermitePool "queries" (rendered.yaml:6) at most 2 replicas, one to a node',
    ],
  ])("differ in %s: one finding, with both places", (_, change, expected) => {
    expect(findings(both, change)).toEqual([expected]);
  });

  it.each<[string, Change]>([
    [
      "the taint that GKE sets, declared",
      [
        "nodeConfig: {",
        "nodeConfig: {taint: [{key: google.com/tpu, value: present, effect: NO_SCHEDULE}], ",
      ],
    ],
    ["all chips of a machine, written down", ["memory: 8Gi", "memory: 8Gi, google.com/tpu: 4"]],
    ["a machine that the pool does not name", [", machineType: ct5lp-hightpu-4t}", "}"]],
    ["a higher ceiling", ["totalMaxNodeCount: 2", "totalMaxNodeCount: 9"]],
    ["CPUs instead", ["{accelerator: tpu-v5-lite-podslice, topology: 2x2, ", "{"]],
  ])("agree with %s", (_, change) => {
    expect(findings(both, change)).toEqual([]);
  });

  it("names the way out on both sides", () => {
    const [found] = acceleratorFindings(read(both, [["topology: 2x2", "topology: 2x4"]]), {
      isWhole: true,
    });
    expect(found?.help).toBe(
      'Set "spec.hardware.topology" to "2x2" where this is wrong; otherwise change the node pool: a node pool of another machine, as its machine type and its spot machines are immutable, is one of another name',
    );
  });
});

describe("several pools", () => {
  const second = burst.reduce((text, [from, to]) => text.replace(from, to), both);
  // The second change of the machine is the node pool's.
  const four = `${both}\n  ---${second.replace("1x1, spot: true, machineType: ct5lp-hightpu-1t, spot: true}", "1x1, spot: true, machineType: ct5lp-hightpu-1t}").replace("machineType: ct5lp-hightpu-4t}", "machineType: ct5lp-hightpu-1t, spot: true}")}`;

  it("are each compared with their own nodes", () => {
    expect(findings(four)).toEqual([]);
  });

  it("leave the others alone where one is wrong", () => {
    const found = findings(four, ["topology: 2x2", "topology: 1x1"]);
    expect(found).toEqual([
      'accelerator-topology rendered.yaml:7 TermitePool "queries" wants topology "1x1", and node pool "tpu-2x2" (rendered.yaml:17) has "2x2"',
    ]);
  });

  it("must not fit on each other's nodes", () => {
    const spot = both
      .replace("queries", "batch")
      .replace("tpu-2x2", "tpu-2x2-spot")
      .replace("ct5lp-hightpu-4t}\n", "ct5lp-hightpu-4t, spot: true}\n")
      .replace(/ct5lp-hightpu-4t\}$/, "ct5lp-hightpu-4t, spot: true}");
    expect(findings(`${both}\n  ---${spot}`)).toEqual([
      'accelerator-shared rendered.yaml:34 Pods of TermitePool "queries" (rendered.yaml:7) may also run on node pool "tpu-2x2-spot", which was not made for them and has spot machines',
    ]);
  });
});

describe("what has no counterpart", () => {
  it("is a finding at the pool", () => {
    expect(findings(pool)).toEqual([
      'accelerator-nodes-missing rendered.yaml:7 No node pool is there for TermitePool "queries": none has TPU machines',
    ]);
  });

  it("may be among what was not rendered", () => {
    expect(acceleratorFindings(read(pool, []), { isWhole: false })).toEqual([]);
  });

  it("is no finding for nodes without a pool", () => {
    expect(findings(nodes)).toEqual([]);
  });

  it("cannot be told of a machine that is not known", () => {
    const [found] = acceleratorFindings(read(nodes, [["ct5lp-hightpu-4t", "ct9-huge-1t"]]), {
      isWhole: true,
    });
    expect(found).toMatchObject({
      rule: "accelerator-nodes",
      help: expect.stringContaining("scripts/nodes/machine-types.ts"),
    });
  });
});
