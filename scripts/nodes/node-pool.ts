import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import { list, mapping, text } from "../yaml/value.ts";
import { type Machine, machineOf } from "./machine-types.ts";
import { zonesOf } from "./zones.ts";

/** What a ContainerNodePool says about its nodes, with GKE's defaults filled in. */
export type NodePool = {
  readonly name: string;
  readonly machine: Machine;
  readonly zones: readonly string[];
  /** How many nodes each zone has, in the order of the zones. */
  readonly counts: readonly number[];
  readonly spot: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly maxPods: number;
  readonly diskGiB: number;
  /** Of a slice over several machines; a single machine's is its own. */
  readonly topology: string | undefined;
};

/** A taint as a Node has it. */
export type Taint = { readonly key: string; readonly value: string; readonly effect: string };

/** Where between its limits an autoscaled pool is. */
export type Extent = "minimum" | "maximum";

/** Reads a ContainerNodePool; throws a `SlipwayError` where its nodes cannot be told from it. */
export function readNodePool({ metadata, spec }: Manifest, extent: Extent): NodePool {
  const { name } = metadata;
  const pool = mapping(spec);
  const config = mapping(pool.nodeConfig);
  const locations = list(pool.nodeLocations).map(String);
  const zones = locations.length > 0 ? locations : zonesOf(text(pool.location) ?? "", name);
  return {
    name,
    // GKE's default.
    machine: machineOf(text(config.machineType) ?? "e2-medium", name),
    zones,
    counts: countsOf(pool, extent, zones.length, name),
    spot: config.spot === true,
    labels: mapping(config.labels) as Readonly<Record<string, string>>,
    taints: list(config.taint).map((one) => readTaint(mapping(one), name)),
    maxPods: number(pool.maxPodsPerNode) ?? 110,
    diskGiB: number(config.diskSizeGb) ?? 100,
    topology: text(mapping(pool.placementPolicy).tpuTopology),
  };
}

function countsOf(
  pool: Readonly<Record<string, unknown>>,
  extent: Extent,
  zones: number,
  name: string,
): number[] {
  const { minNodeCount, maxNodeCount, totalMinNodeCount, totalMaxNodeCount } = mapping(
    pool.autoscaling,
  );
  const [perZone, total] =
    extent === "minimum" ? [minNodeCount, totalMinNodeCount] : [maxNodeCount, totalMaxNodeCount];
  const inAll = number(total);
  if (inAll !== undefined) {
    return Array.from({ length: zones }, (_, zone) => Math.ceil((inAll - zone) / zones));
  }
  const inEach = number(perZone) ?? number(pool.nodeCount) ?? number(pool.initialNodeCount);
  if (inEach === undefined) {
    throw new SlipwayError(
      `Cannot simulate the nodes of pool "${name}": it does not say how many there are; set "spec.autoscaling" or "spec.nodeCount"`,
    );
  }
  return Array.from({ length: zones }, () => inEach);
}

/** Config Connector writes effects as the Google Cloud API does: `NO_SCHEDULE`. */
function readTaint({ key, value, effect }: Readonly<Record<string, unknown>>, pool: string): Taint {
  const translated = effects[text(effect) ?? ""];
  if (translated === undefined) {
    throw new SlipwayError(
      `Cannot simulate the nodes of pool "${pool}": the effect "${effect}" of taint "${key}" is none of ${Object.keys(effects).join(", ")}; correct "spec.nodeConfig.taint"`,
    );
  }
  return { key: text(key) ?? "", value: text(value) ?? "", effect: translated };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};
