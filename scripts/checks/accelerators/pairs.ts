import type { Resource } from "../../fleet/resource.ts";
import type { Machine } from "../../nodes/machine-types.ts";
import type { NodePool } from "../../nodes/node-pool.ts";
import type { Pool } from "./pool.ts";

/** A node pool whose machines have TPU chips. */
export type TpuNodes = {
  readonly resource: Resource;
  readonly pool: NodePool;
  readonly tpu: NonNullable<Machine["tpu"]>;
};

/**
 * Which node pool each pool was made for. Nothing in the manifests says so: it is the one that agrees
 * with it in the most, and each serves one pool. Those that agree in everything are taken first, so
 * that a mistake in one pair leaves the others alone.
 */
export function pairsOf(
  pools: readonly Pool[],
  nodes: readonly TpuNodes[],
): ReadonlyMap<Pool, TpuNodes> {
  const pairs = new Map<Pool, TpuNodes>();
  const byAgreement = pools
    .flatMap((pool) => nodes.map((one) => ({ pool, one, agreement: agreementOf(pool, one) })))
    .toSorted((a, b) => b.agreement - a.agreement);
  const taken = new Set<TpuNodes>();
  for (const { pool, one } of byAgreement) {
    if (pairs.has(pool) || taken.has(one)) continue;
    pairs.set(pool, one);
    taken.add(one);
  }
  return pairs;
}

function agreementOf(pool: Pool, { pool: nodes, tpu }: TpuNodes): number {
  return [
    pool.accelerator === tpu.accelerator,
    pool.topology === topologyOf(nodes, tpu),
    (pool.machineType ?? nodes.machine.type) === nodes.machine.type,
    pool.spot === nodes.spot,
  ].filter(Boolean).length;
}

/** The topology that GKE writes on the nodes. */
export function topologyOf({ topology }: NodePool, tpu: TpuNodes["tpu"]): string {
  return topology ?? tpu.topology;
}

/** Whether the scheduler would put pods of a pool on these nodes, by labels and chips. */
export function admits({ resource: _, pool: nodes, tpu }: TpuNodes, pool: Pool): boolean {
  return (
    pool.accelerator === tpu.accelerator &&
    pool.topology === topologyOf(nodes, tpu) &&
    (!pool.spot || nodes.spot) &&
    pool.chips.count <= tpu.chips
  );
}
