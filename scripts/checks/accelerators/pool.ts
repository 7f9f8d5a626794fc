import type { Path, Resource } from "../../fleet/resource.ts";
import { chipsOf } from "../../nodes/topology.ts";
import { mapping, text, valueAt } from "../../yaml/value.ts";
import { amount } from "./quantity.ts";

/** What a TermitePool with an accelerator asks of the nodes under its pods. */
export type Pool = {
  readonly resource: Resource;
  readonly name: string;
  readonly accelerator: string;
  readonly topology: string;
  /** The operator reads it nowhere: it says to people which nodes are meant. */
  readonly machineType: string | undefined;
  readonly spot: boolean;
  readonly chips: Chips;
  readonly maximum: number;
  readonly requests: { readonly milliCpu: number; readonly memoryMiB: number };
};

/** The `google.com/tpu` of a pod. */
type Chips = {
  readonly count: number;
  /** Where it is written; undefined where the operator multiplies the topology. */
  readonly path: Path | undefined;
};

export const TPU = "google.com/tpu";

/** Reads a TermitePool; undefined for any other object, and for a pool that runs on CPUs. */
export function readPool(resource: Resource): Pool | undefined {
  const { apiVersion, kind, metadata } = resource.manifest;
  if (kind !== "TermitePool" || !apiVersion.startsWith("antfly.io/")) return undefined;
  const spec = mapping(resource.manifest.spec);
  const { accelerator, topology, machineType, spot } = mapping(spec.hardware);
  if (text(accelerator) === undefined) return undefined;
  return {
    resource,
    name: metadata.name,
    accelerator: text(accelerator) ?? "",
    topology: text(topology) ?? "",
    machineType: text(machineType),
    spot: spot === true,
    chips: requestedChips(spec, text(topology) ?? ""),
    maximum: Number(mapping(spec.replicas).max ?? 0),
    requests: requestsOf(spec),
  };
}

function requestedChips(spec: Readonly<Record<string, unknown>>, topology: string): Chips {
  for (const list of ["requests", "limits"]) {
    const path = ["resources", list, TPU];
    const written = valueAt(spec, path);
    if (written !== undefined) return { count: amount(written), path: ["spec", ...path] };
  }
  return { count: chipsOf(topology), path: undefined };
}

/** The operator's own requests where the pool has none: 1 CPU and 4Gi. */
function requestsOf(spec: Readonly<Record<string, unknown>>): Pool["requests"] {
  const resources = mapping(spec.resources);
  const { cpu, memory } = mapping(
    spec.resources === undefined ? operatorsOwn : (resources.requests ?? resources.limits),
  );
  return { milliCpu: amount(cpu ?? 0) * 1000, memoryMiB: amount(memory ?? 0) / 2 ** 20 };
}

const operatorsOwn = { cpu: 1, memory: "4Gi" };
