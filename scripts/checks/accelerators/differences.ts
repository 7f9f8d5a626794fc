import type { Path } from "../../fleet/resource.ts";
import { allocatableOf } from "../../nodes/allocatable.ts";
import { machineOf } from "../../nodes/machine-types.ts";
import { findingAt, nameAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import { type TpuNodes, topologyOf } from "./pairs.ts";
import { type Pool, TPU } from "./pool.ts";

/** Where a pool and the nodes that were made for it differ: its pods would wait for ever, or run elsewhere. */
export function differences(pool: Pool, nodes: TpuNodes): Finding[] {
  return [
    ...machineFindings(pool, nodes),
    ...spotFindings(pool, nodes),
    ...chipFindings(pool, nodes),
    ...sliceFindings(pool, nodes),
    ...taintFindings(pool, nodes),
    ...resourceFindings(pool, nodes),
    ...ceilingFindings(pool, nodes),
  ];
}

const machinePath: Path = ["spec", "nodeConfig", "machineType"];
const immutable =
  "a node pool of another machine, as its machine type and its spot machines are immutable, is one of another name";

/** The machine decides accelerator, topology and chips, so one wrong machine is one finding. */
function machineFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  const { machine } = nodes.pool;
  const other = pool.machineType !== undefined && pool.machineType !== machine.type;
  const meant = other ? tpuOf(pool.machineType ?? "", pool.name) : undefined;
  // What follows from the machine that the pool names is no second mistake.
  const isWrong = (field: "accelerator" | "topology") =>
    pool[field] !== nodes.tpu[field] && pool[field] !== meant?.[field];
  const wants = (field: string, rule: string, value: string, has: string) =>
    findingAt(pool.resource, ["spec", "hardware", field], {
      rule,
      message: `TermitePool "${pool.name}" wants ${words[field]} "${value}", and node pool ${nameAt(nodes.resource, machinePath)} has "${has}"`,
      help: `Set "spec.hardware.${field}" to "${has}" where this is wrong; otherwise change the node pool: ${immutable}`,
    });
  return [
    ...(other
      ? [wants("machineType", "accelerator-machine", pool.machineType ?? "", machine.type)]
      : []),
    ...(isWrong("accelerator")
      ? [wants("accelerator", "accelerator-type", pool.accelerator, nodes.tpu.accelerator)]
      : []),
    ...(isWrong("topology")
      ? [wants("topology", "accelerator-topology", pool.topology, nodes.tpu.topology)]
      : []),
  ];
}

const words: Readonly<Record<string, string>> = {
  accelerator: "accelerator",
  machineType: "machine type",
  topology: "topology",
};

function tpuOf(type: string, name: string): TpuNodes["tpu"] | undefined {
  try {
    return machineOf(type, name).tpu;
  } catch {
    // The finding about the machine says enough.
    return undefined;
  }
}

/** Pods of spot pools select spot nodes; nothing keeps the others off them. */
function spotFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  if (pool.spot === nodes.pool.spot) return [];
  const kind = (spot: boolean) => (spot ? "spot machines" : "machines on demand");
  return [
    findingAt(pool.resource, ["spec", "hardware", "spot"], {
      rule: "accelerator-spot",
      message: `TermitePool "${pool.name}" wants ${kind(pool.spot)}, and node pool ${nameAt(nodes.resource, ["spec", "nodeConfig", "spot"])} has ${kind(nodes.pool.spot)}`,
      help: `Set "spec.hardware.spot" to ${nodes.pool.spot} where this is wrong; otherwise change the node pool: ${immutable}`,
    }),
  ];
}

/** GKE starts a pod on TPU machines only where it asks for all chips of one. */
function chipFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  const { count, path } = pool.chips;
  if (path === undefined || count === nodes.tpu.chips) return [];
  return [
    findingAt(pool.resource, path, {
      rule: "accelerator-chips",
      message: `Pods of TermitePool "${pool.name}" ask for ${count} chips, and machines of node pool ${nameAt(nodes.resource, machinePath)} have ${nodes.tpu.chips}`,
      help: `Leave "${TPU}" out: the operator multiplies the topology; or change the node pool: ${immutable}`,
    }),
  ];
}

/** A topology of its own makes a node pool one slice over several machines, and a pod here is on one. */
function sliceFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  if (nodes.pool.topology === undefined) return [];
  const path = ["spec", "placementPolicy", "tpuTopology"];
  return [
    findingAt(nodes.resource, path, {
      rule: "accelerator-slice",
      message: `Node pool "${nodes.pool.name}" makes one slice "${topologyOf(nodes.pool, nodes.tpu)}" of its machines, and each pod of TermitePool ${nameAt(pool.resource, ["spec", "hardware", "topology"])} is a slice of its own, "${pool.topology}"`,
      help: 'Remove "spec.placementPolicy": a machine of this type is a slice by itself',
    }),
  ];
}

/** The operator gives its pods one toleration. */
function taintFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  return nodes.pool.taints.flatMap(({ key, value, effect }, index) => {
    if (effect === "PreferNoSchedule" || (key === TPU && effect === "NoSchedule")) return [];
    return [
      findingAt(nodes.resource, ["spec", "nodeConfig", "taint", index], {
        rule: "accelerator-taint",
        message: `Node pool "${nodes.pool.name}" has the taint "${key}=${value}:${effect}", which pods of TermitePool ${nameAt(pool.resource, ["spec", "hardware"])} do not tolerate`,
        help: `Remove the taint: Termite's operator gives its pods the toleration of "${TPU}" with the effect NoSchedule and no other`,
      }),
    ];
  });
}

function resourceFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  const { milliCpu, memoryMiB } = allocatableOf(nodes.pool.machine, nodes.pool.diskGiB);
  const fits = [
    ["cpu", pool.requests.milliCpu, milliCpu, "m"],
    ["memory", pool.requests.memoryMiB, memoryMiB, "Mi"],
  ] as const;
  return fits.flatMap(([field, wanted, left, unit]) =>
    wanted <= left
      ? []
      : [
          findingAt(pool.resource, ["spec", "resources", "requests", field], {
            rule: "accelerator-resources",
            message: `Pods of TermitePool "${pool.name}" request ${wanted}${unit} of ${field}, and GKE leaves ${left}${unit} of a machine of node pool ${nameAt(nodes.resource, machinePath)}`,
            help: `Request at most ${left}${unit}`,
          }),
        ],
  );
}

/** A pod takes all chips of its node, so each replica needs a node of its own. */
function ceilingFindings(pool: Pool, nodes: TpuNodes): Finding[] {
  const most = nodes.pool.counts.reduce((sum, count) => sum + count, 0);
  if (most >= pool.maximum) return [];
  return [
    findingAt(nodes.resource, ["spec", "autoscaling"], {
      rule: "accelerator-ceiling",
      message: `Node pool "${nodes.pool.name}" has at most ${most} nodes, and TermitePool ${nameAt(pool.resource, ["spec", "replicas", "max"])} at most ${pool.maximum} replicas, one to a node`,
      help: `Raise the node pool's maximum to ${pool.maximum}, or lower "spec.replicas.max" to ${most}, and "maxReplicaCount" of its ScaledObject with it`,
    }),
  ];
}
