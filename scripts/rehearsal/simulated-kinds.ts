import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Cluster } from "./cluster.ts";

/** A kind whose status a kwok Stage writes, because its controller does not run. */
export type SimulatedKind = {
  readonly apiVersion: string;
  readonly kind: string;
};

/** The Stages of nodes and pods: what a kubelet would do. */
export function coreStages(): string {
  return readAll("stages").join("\n---\n");
}

/** The Stages of the kinds below `simulated/`. */
export function simulatedStages(): string {
  return readAll("simulated").join("\n---\n");
}

/** One file per kind below `simulated/`: an HTTPRoute that its gateway accepts, and so on. */
export function simulatedKinds(): readonly SimulatedKind[] {
  return readAll("simulated").flatMap((stage) =>
    (loadAll(stage) as Stage[]).map(({ spec: { resourceRef } }) => ({
      apiVersion: resourceRef.apiGroup,
      kind: resourceRef.kind,
    })),
  );
}

type Stage = {
  readonly spec: { readonly resourceRef: { readonly apiGroup: string; readonly kind: string } };
};

function readAll(folder: string): string[] {
  const directory = join(import.meta.dirname ?? "", folder);
  return readdirSync(directory)
    .sort()
    .map((file) => readFileSync(join(directory, file), "utf8"));
}

/** Kinds of kubelets and of the metrics API: never real here. */
const alwaysSimulated = ["Node", "Pod", "PodMetrics"];

/** The kinds with simulated parts of which the cluster has an object. */
export async function simulatedAmong(cluster: Cluster): Promise<readonly string[]> {
  const present = await Promise.all(
    simulatedKinds().map(async ({ apiVersion, kind }) =>
      (await cluster.list(apiVersion, kind)).length > 0 ? [kind] : [],
    ),
  );
  return [...alwaysSimulated, ...new Set(present.flat())].sort();
}
